"""Break-even: how far an input must move before an option no longer pays, or no longer meets a target."""
