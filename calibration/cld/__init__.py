"""Client Level Data, the return of adult social care in England: what its fields mean, and a history out of it."""
