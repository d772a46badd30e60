//! Passages by their words: a tantivy index of one segment, scored by BM25.
//!
//! Fields: `heading`; `text`, which holds the heading too, so that how rare a word is can be asked
//! of one field; `words`, the unstemmed words, from which spelling is learnt. One segment means
//! that a document's number is its passage's place, and no stored field is needed.

use tantivy::directory::{Directory, RamDirectory};
use tantivy::indexer::SingleSegmentIndexWriter;
use tantivy::query::{BooleanQuery, BoostQuery, EnableScoring, Occur, Query, TermQuery, Weight};
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{ReloadPolicy, Searcher, SegmentReader, TantivyDocument, Term};

use super::analysis::Analysis;
use super::query::{self, QueryWord};
use super::spelling::Vocabulary;
use crate::domain::language::Locale;
use crate::knowledge::passages::Passage;

/// Raised when fields or analysis change, so that indexes on disk are built again.
pub(super) const SCHEMA_VERSION: u32 = 1;
/// A word in the heading counts this much beside the same in the text.
const HEADING_WEIGHT: f32 = 1.0;
/// What the writer may use; beyond, its tables grow.
const WRITER_BYTES: usize = 32 * 1024 * 1024;

/// The index and what belongs to it.
pub(super) struct Lexical {
    searcher: Searcher,
    fields: Fields,
    analysis: Analysis,
    vocabulary: Vocabulary,
}

#[derive(Clone, Copy)]
struct Fields {
    heading: Field,
    text: Field,
    words: Field,
}

impl Lexical {
    /// Builds the index in memory.
    pub fn in_memory(passages: &[Passage], locale: &Locale) -> tantivy::Result<Self> {
        let analysis = Analysis::new(locale);
        let index = write(Box::new(RamDirectory::create()), passages, &analysis)?;
        Self::over(index, analysis)
    }

    /// Serves an index that [`write`] made.
    pub fn over(index: tantivy::Index, analysis: Analysis) -> tantivy::Result<Self> {
        let mut index = index;
        index.set_tokenizers(analysis.manager());
        let schema = index.schema();
        let fields = Fields {
            heading: schema.get_field("heading")?,
            text: schema.get_field("text")?,
            words: schema.get_field("words")?,
        };
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher = reader.searcher();
        let vocabulary = match searcher.segment_readers() {
            [segment] => Vocabulary::read(segment.inverted_index(fields.words)?.as_ref())?,
            _ => Vocabulary::default(),
        };
        Ok(Self { searcher, fields, analysis, vocabulary })
    }

    /// How many passages it holds.
    pub fn len(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// How a question's words are read.
    pub fn words(&self, question: &str) -> Vec<QueryWord> {
        query::read(question, self, &self.analysis, &self.vocabulary)
    }

    /// The analysed words of a text.
    pub fn terms(&self, text: &str) -> Vec<String> {
        let mut terms: Vec<String> = Vec::new();
        for word in self.analysis.words(text) {
            if !terms.contains(&word.stem) && !self.analysis.is_stop(&word.surface) {
                terms.push(word.stem);
            }
        }
        terms
    }

    /// In how many passages a term is.
    pub fn frequency(&self, term: &str) -> u64 {
        self.searcher.doc_freq(&Term::from_field_text(self.fields.text, term)).unwrap_or(0)
    }

    /// In how many passages a word is as it is written.
    pub fn written(&self, word: &str) -> u64 {
        self.searcher.doc_freq(&Term::from_field_text(self.fields.words, word)).unwrap_or(0)
    }

    /// BM25's weight of a term.
    pub fn idf(&self, term: &str) -> f32 {
        let (all, with) = (self.len() as f32, self.frequency(term) as f32);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }

    /// Readies a question; nothing if no passage could match.
    pub fn ask(&self, words: &[QueryWord]) -> Option<Asked<'_>> {
        let [segment] = self.searcher.segment_readers() else { return None };
        let terms = query::weighted_terms(words);
        let clauses = terms.into_iter().flat_map(|(term, weight)| {
            [(self.fields.text, weight), (self.fields.heading, weight * HEADING_WEIGHT)].map(
                |(field, weight)| -> (Occur, Box<dyn Query>) {
                    let term = Term::from_field_text(field, term);
                    let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                    (Occur::Should, Box::new(BoostQuery::new(Box::new(query), weight)))
                },
            )
        });
        let query = BooleanQuery::new(clauses.collect());
        let weight = query.weight(EnableScoring::enabled_from_searcher(&self.searcher));
        let full = words.iter().map(|word| word.idf).sum::<f32>() * (1.0 + HEADING_WEIGHT);
        let weight = weight.inspect_err(failed).ok()?;
        (full > 0.0).then_some(Asked { segment, weight, full })
    }
}

/// A question ready to be scored. Scores are shares of `full`: what a passage of average length
/// gets that has each word of the question once, in heading and text.
pub(super) struct Asked<'a> {
    segment: &'a SegmentReader,
    weight: Box<dyn Weight>,
    full: f32,
}

impl Asked<'_> {
    /// The best passages among the wanted ones, best first.
    pub fn best(&self, limit: usize, wanted: &dyn Fn(usize) -> bool) -> Vec<(usize, f32)> {
        let mut best: Vec<(usize, f32)> = Vec::with_capacity(limit + 1);
        let result = self.weight.for_each_pruning(0.0, self.segment, &mut |document, score| {
            let passage = document as usize;
            if wanted(passage) {
                let at = best.partition_point(|(_, other)| *other >= score);
                best.insert(at, (passage, score));
                best.truncate(limit);
            }
            match best.last() {
                Some((_, worst)) if best.len() == limit => *worst,
                _ => 0.0,
            }
        });
        if let Err(error) = result {
            failed(&error);
        }
        best.into_iter().map(|(passage, score)| (passage, score / self.full)).collect()
    }

    /// The scores of these passages, in the same order; nothing for one that shares no word.
    pub fn scores(&self, passages: &[usize]) -> Vec<Option<f32>> {
        let mut scores = vec![None; passages.len()];
        let mut order: Vec<usize> = (0..passages.len()).collect();
        order.sort_by_key(|at| passages[*at]);
        let mut scorer = match self.weight.scorer(self.segment, 1.0) {
            Ok(scorer) => scorer,
            Err(error) => {
                failed(&error);
                return scores;
            }
        };
        for at in order {
            let document = passages[at] as u32;
            if scorer.doc() < document {
                scorer.seek(document);
            }
            if scorer.doc() == document {
                scores[at] = Some(scorer.score() / self.full);
            }
        }
        scores
    }
}

/// A question that fails finds nothing; the index is checked when it is opened, so this is a disk
/// that breaks under a running server.
fn failed(error: &tantivy::TantivyError) {
    tracing::error!(%error, "the search index cannot be read");
}

/// Writes the passages into an empty directory.
pub(super) fn write(
    directory: Box<dyn Directory>,
    passages: &[Passage],
    analysis: &Analysis,
) -> tantivy::Result<tantivy::Index> {
    let (schema, fields) = schema();
    let mut writer: SingleSegmentIndexWriter = tantivy::Index::builder()
        .schema(schema)
        .tokenizers(analysis.manager())
        .single_segment_index_writer(directory, WRITER_BYTES)?;
    for passage in passages {
        let mut document = TantivyDocument::default();
        let whole = format!("{}\n{}", passage.heading, passage.text);
        document.add_text(fields.heading, &passage.heading);
        document.add_text(fields.words, &whole);
        document.add_text(fields.text, whole);
        writer.add_document(document)?;
    }
    writer.finalize()
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let mut field = |name: &str, analyzer: &str, record, norms| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(analyzer)
            .set_index_option(record)
            .set_fieldnorms(norms);
        schema.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
    };
    let fields = Fields {
        heading: field("heading", Analysis::STEMS, IndexRecordOption::WithFreqs, true),
        text: field("text", Analysis::STEMS, IndexRecordOption::WithFreqs, true),
        words: field("words", Analysis::SURFACE, IndexRecordOption::Basic, false),
    };
    (schema.build(), fields)
}
