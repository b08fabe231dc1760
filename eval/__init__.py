"""How good it is: questions, runs, metrics, reports. Imports all but `ui`."""
