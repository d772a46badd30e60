//! Does a sentence say exactly what its fact says?
