//! Intake: bytes to reports, one file a format.
