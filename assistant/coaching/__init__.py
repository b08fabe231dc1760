"""Making a plan and moving it: the first questions with a preview, shifts and pauses, hours week by week."""
