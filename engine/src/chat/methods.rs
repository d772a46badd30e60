//! What templates call that is not Jinja's own: Python's methods on texts, and the two functions
//! that Hugging Face adds.

use minijinja::{Environment, Error, ErrorKind, State, Value};
use minijinja_contrib::pycompat::unknown_method_callback;

/// Adds all of it. Only a template that asks for the date makes anybody look at a clock.
pub(super) fn add(environment: &mut Environment<'_>) {
    environment.set_unknown_method_callback(method);
    environment.add_function("raise_exception", |why: String| -> Result<Value, Error> {
        Err(Error::new(ErrorKind::InvalidOperation, why))
    });
    environment.add_function("strftime_now", |format: String| -> Result<String, Error> {
        jiff::fmt::strtime::format(format, &jiff::Zoned::now())
            .map_err(|e| Error::new(ErrorKind::InvalidOperation, e.to_string()))
    });
}

/// A Python method. Those whose result can be far larger than what goes in are Jinja's filters of
/// the same name, which count what they make.
fn method(
    state: &mut State<'_, '_>,
    value: &Value,
    name: &str,
    args: &[Value],
) -> Result<Value, Error> {
    match (name, args) {
        ("replace", [from, to]) if value.as_str().is_some() => {
            state.apply_filter("replace", &[value.clone(), from.clone(), to.clone()])
        }
        ("join", [list]) if value.as_str().is_some() => {
            state.apply_filter("join", &[list.clone(), value.clone()])
        }
        ("replace" | "join" | "format", _) => Err(Error::from(ErrorKind::UnknownMethod)),
        _ => unknown_method_callback(state, value, name, args),
    }
}
