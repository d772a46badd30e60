//! "The bigger one", "the other one": another of what was spoken of.

use super::Query;

impl Query<'_> {
    /// The one product that is meant, if the question speaks so and there is one.
    pub fn sibling(&self, spoken_of: &[usize]) -> Option<usize> {
        let rank = self.question.cues.sibling.as_ref()?;
        let current = *spoken_of.first()?;
        let names = &self.knowledge.names;
        let of_several = spoken_of.len() > 1;
        let pool = if of_several { spoken_of.to_vec() } else { names.family(current) };
        let everything: Vec<usize> = pool.iter().copied().chain([current]).collect();
        if let Some(column) = self.ranked_column(rank, &everything) {
            let number = |p: &usize| self.number(*p, &column);
            if of_several {
                let order = |a: &&usize, b: &&usize| {
                    number(a).unwrap_or(f64::NAN).total_cmp(&number(b).unwrap_or(f64::NAN))
                };
                let with = pool.iter().filter(|p| number(p).is_some());
                let found = if rank.most { with.max_by(order) } else { with.min_by(order) };
                return found.copied();
            }
            let here = number(&current)?;
            let further = |n: f64| if rank.most { n > here } else { n < here };
            let shared = |p: &usize| {
                let title = names.title(current);
                names.title(*p).iter().filter(|term| title.contains(term)).count()
            };
            // The next one that is more so; of several, the one most like what was spoken of.
            let gap = |p: &usize| number(p).map_or(f64::INFINITY, |n| (n - here).abs());
            let found = pool
                .iter()
                .filter(|p| number(p).is_some_and(further))
                .min_by(|a, b| gap(a).total_cmp(&gap(b)).then(shared(b).cmp(&shared(a))));
            if found.is_some() {
                return found.copied();
            }
        }
        let others: Vec<usize> = pool.into_iter().filter(|p| *p != current).collect();
        let mut titles: Vec<&[String]> = others.iter().map(|p| names.title(*p)).collect();
        titles.dedup();
        (titles.len() == 1).then(|| others[0])
    }
}
