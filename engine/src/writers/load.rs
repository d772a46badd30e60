//! From a writer's file to a running thread, with whoever can compute for it.

use crate::chat::Template;
use crate::fast::{Fast, Setup};
use crate::gguf::Gguf;
use crate::model::{Facts, Model as Decoder};
use crate::models::{Implementation, Options, WriterFile};
use crate::reference::Reference;
use crate::schedule::{Clerk, Language};
use crate::start::{Loaded, folder_name};
use crate::vocabulary::Vocabulary;
use std::path::Path;

/// Loads a writer's file and starts its thread. The error names the file.
pub(crate) fn start_writer(files: &WriterFile, options: &Options) -> Result<Loaded<Clerk>, String> {
    load_writer(&files.gguf, options).map_err(|why| format!("{}: {why}", files.gguf.display()))
}

fn load_writer(path: &Path, options: &Options) -> Result<Loaded<Clerk>, String> {
    let file = Gguf::open(path)?;
    let language =
        Language { template: Template::read(&file)?, vocabulary: Vocabulary::read(&file)? };
    let name = file.text("general.name").map_or_else(|_| folder_name(path), str::to_owned);
    let setup = Setup {
        threads: options.threads,
        context: options.context,
        memory: options.memory,
        isa: options.isa,
    };
    let exact = match options.implementation {
        Implementation::Reference { exact } => exact,
        wanted => match Fast::load(&file, setup) {
            Ok(model) => return running(model, language, name, options),
            Err(why) if wanted == Implementation::Fast => return Err(why),
            Err(why) => {
                tracing::info!(why, "not for our own kernels; candle computes, slowly");
                false
            }
        },
    };
    running(Reference::load(&file, options.context, exact)?, language, name, options)
}

fn running<M: Decoder + Send + 'static>(
    model: M,
    language: Language,
    name: String,
    options: &Options,
) -> Result<Loaded<Clerk>, String> {
    let Facts { width, tokens, .. } = model.facts();
    if language.vocabulary.len() > tokens {
        return Err("its vocabulary is larger than the model's".into());
    }
    let clerk = Clerk::start(model, language, options).map_err(|e| e.to_string())?;
    Ok((clerk, name, width))
}
