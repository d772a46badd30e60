//! Local transformers.
