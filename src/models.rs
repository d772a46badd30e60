//! Which models there are, where they come from, and the folder they are kept in.
