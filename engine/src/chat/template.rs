//! The model's own chat template, as a way to lay out messages nobody can break out of.
//!
//! A template never sees what was said: it is rendered with a placeholder for each message, and
//! what stands between the placeholders is the template's own words. So contents cannot name a
//! control token, change the template's mind, or be changed by it.
//!
//! Templates are programs out of an untrusted file: their size, depth, steps and memory are bounded.

use super::{Message, Role, methods};
use crate::gguf::Gguf;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Value, context};

/// Larger than any template there is (the largest take 30 KiB).
const MOST_BYTES: usize = 256 << 10;

/// Steps, each worth 64 bytes of memory too; a message of a chat takes a hundred or two.
const FUEL: u64 = 100_000;

/// Calls in calls: some 20 in the most involved templates.
const DEEPEST: usize = 100;

/// Around a placeholder's number; a noncharacter, which no text should hold.
const EDGE: char = '\u{10ffff}';

/// For models that come without a template but with its tokens.
const CHATML: &str = "{% for message in messages %}<|im_start|>{{ message.role }}\n\
    {{ message.content }}<|im_end|>\n{% endfor %}\
    {% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

/// A part of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// The template's words: they may name control tokens.
    Template(String),
    /// What somebody said: it never does.
    Content(String),
}

/// See the module.
pub(crate) struct Template {
    environment: Environment<'static>,
    bos: String,
    eos: String,
}

impl Template {
    /// Reads it from a model file; the error says why there can be no chat with this model.
    pub fn read(file: &Gguf) -> Result<Self, String> {
        let tokens = file.texts("tokenizer.ggml.tokens")?;
        let spelled = |name: &str| {
            let id = file.count(&format!("tokenizer.ggml.{name}_token_id")).ok();
            id.and_then(|id| tokens.get(id)).copied().unwrap_or_default()
        };
        let key = "tokenizer.chat_template";
        let source = if file.knows(key) {
            file.text(key)?
        } else if tokens.contains(&"<|im_start|>") && tokens.contains(&"<|im_end|>") {
            CHATML
        } else {
            return Err("it has no chat template: it was not made for conversations".into());
        };
        Self::new(source, spelled("bos"), spelled("eos"))
    }

    /// From its source and the spelling of the first and last token.
    pub fn new(source: &str, bos: &str, eos: &str) -> Result<Self, String> {
        if source.len() > MOST_BYTES {
            return Err(format!("its chat template has {} bytes", source.len()));
        }
        if [source, bos, eos].iter().any(|text| text.contains(EDGE)) {
            return Err("its chat template holds U+10FFFF".into());
        }
        let mut environment = Environment::new();
        // As Hugging Face renders them.
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(wrong)?);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(DEEPEST);
        methods::add(&mut environment);
        environment.add_template_owned("chat", without_generation(source)).map_err(wrong)?;
        Ok(Self { environment, bos: bos.to_owned(), eos: eos.to_owned() })
    }

    /// A chat from its first token on. After a message of the user's it ends where the model's own
    /// turn begins. Texts are trimmed, as most templates would.
    ///
    /// Where a template knows no system role, moves it about or leaves it out, the instructions
    /// become the beginning of the first user's message; where it wants turns to alternate, messages
    /// of one person in a row become one.
    pub fn lay_out(&self, messages: &[Message]) -> Result<Vec<Piece>, String> {
        let trimmed = |m: &Message| Message { role: m.role, text: m.text.trim().to_owned() };
        let plain: Vec<Message> = messages.iter().map(trimmed).collect();
        let error = match self.render(&plain) {
            Ok(pieces) => return Ok(pieces),
            Err(error) => error,
        };
        let folded = fold(plain);
        let joined = join(&folded);
        self.render(&folded).or_else(|_| self.render(&joined)).map_err(|_| error)
    }

    fn render(&self, messages: &[Message]) -> Result<Vec<Piece>, String> {
        let shown = |(i, message): (usize, &Message)| {
            let placeholder = format!("{EDGE}{i}{EDGE}");
            let content = if message.text.is_empty() { String::new() } else { placeholder };
            context! { role => message.role.name(), content }
        };
        let shown: Vec<Value> = messages.iter().enumerate().map(shown).collect();
        let context = context! {
            messages => shown,
            add_generation_prompt => messages.last().is_some_and(|m| m.role == Role::User),
            bos_token => self.bos.as_str(),
            eos_token => self.eos.as_str(),
            tools => (),
            documents => (),
            enable_thinking => false,
        };
        let chat = self.environment.get_template("chat").map_err(wrong)?;
        pieces(&chat.render(context).map_err(wrong)?, messages)
    }
}

/// Puts what was said where its placeholders stand. Each message must be there once, in its turn.
fn pieces(rendered: &str, messages: &[Message]) -> Result<Vec<Piece>, String> {
    let mut said = (0..messages.len()).filter(|i| !messages[*i].text.is_empty());
    let mut pieces = Vec::new();
    for (at, part) in rendered.split(EDGE).enumerate() {
        if at % 2 == 0 {
            if !part.is_empty() {
                pieces.push(Piece::Template(part.to_owned()));
            }
            continue;
        }
        let next = said.next().filter(|i| part.parse() == Ok(*i));
        let next = next.ok_or("its chat template does not say each message once and in turn")?;
        pieces.push(Piece::Content(messages[next].text.clone()));
    }
    // Placeholders have two edges: cut in half they leave an odd number.
    match said.next() {
        None if rendered.matches(EDGE).count().is_multiple_of(2) => Ok(pieces),
        _ => Err("its chat template leaves out a message, or part of one".into()),
    }
}

/// Instructions become the beginning of what the user says first.
fn fold(mut messages: Vec<Message>) -> Vec<Message> {
    if let [Message { role: Role::System, .. }, Message { role: Role::User, .. }, ..] = messages[..]
    {
        let system = messages.remove(0);
        messages[0].text = format!("{}\n\n{}", system.text, messages[0].text);
    }
    messages
}

/// Messages in a row of one person become one.
fn join(messages: &[Message]) -> Vec<Message> {
    let mut joined: Vec<Message> = Vec::new();
    for message in messages {
        match joined.last_mut().filter(|last| last.role == message.role) {
            Some(last) => last.text = format!("{}\n\n{}", last.text, message.text),
            None => joined.push(message.clone()),
        }
    }
    joined
}

/// `{% generation %}` marks what a model is trained on, for Hugging Face alone; it becomes a
/// condition that always holds.
fn without_generation(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, tag)) = rest.split_once("{%") {
        out.push_str(before);
        out.push_str("{%");
        let Some((inside, after)) = tag.split_once("%}") else {
            out.push_str(tag);
            return out;
        };
        let name = inside.trim_matches(|c: char| c.is_whitespace() || c == '-' || c == '+');
        match name {
            "generation" => out.push_str(&inside.replace(name, "if true")),
            "endgeneration" => out.push_str(&inside.replace(name, "endif")),
            _ => out.push_str(inside),
        }
        out.push_str("%}");
        rest = after;
    }
    out + rest
}

/// The first line: the rest can be a page of the template.
fn wrong(error: minijinja::Error) -> String {
    let text = error.to_string();
    format!("its chat template: {}", text.lines().next().unwrap_or_default())
}

#[cfg(test)]
mod tests;
