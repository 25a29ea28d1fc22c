"""Do the tests notice when the code is changed? `make mutation`, or `python -m tests.mutation`."""
