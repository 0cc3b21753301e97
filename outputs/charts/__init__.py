"""Pictures for a board, with the data and the text behind them."""
