//! Which pages may open a socket: exact origins, by site. A browser cannot lie about its origin; what
//! is no browser can, and gains nothing that a browser's visitor would not have.

use axum::http::{HeaderMap, header};

use crate::domain::ids::SiteKey;
use crate::domain::origin::Origin;
use crate::sites::Sites;

/// Where this server is reached, and the sites' pages.
#[derive(Clone)]
pub struct Origins {
    /// The console's own, and the demo page's.
    pub own: Vec<Origin>,
    /// The site that pages named at the start belong to.
    pub first: SiteKey,
    /// Pages named at the start.
    pub named: Vec<Origin>,
    /// What is set for each site.
    pub sites: Sites,
}

impl Origins {
    /// Does any site know this origin?
    pub fn any_site(&self, origin: &Origin) -> bool {
        self.sites.all().keys().any(|site| self.allows(site, origin))
    }

    /// Is this origin one of the site's?
    pub fn allows(&self, site: &SiteKey, origin: &Origin) -> bool {
        let named = *site == self.first && self.named.contains(origin);
        let known = self.sites.all().contains_key(site);
        known && (named || self.own.contains(origin) || self.sites.allows(site, origin))
    }
}

/// The one `Origin` header of a request, if it names an origin and nothing more.
pub fn of(headers: &HeaderMap) -> Option<Origin> {
    let mut values = headers.get_all(header::ORIGIN).iter();
    let text = values.next()?.to_str().ok()?;
    let bare = text.matches('/').count() == 2;
    if values.next().is_some() || !bare { None } else { Origin::parse(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Instant;
    use crate::sites::By;
    use crate::sites::settings::SiteSettings;
    use crate::store::Store;

    fn origin(text: &str) -> Origin {
        Origin::parse(text).expect(text)
    }

    fn key(text: &str) -> SiteKey {
        text.to_string().try_into().expect("a key")
    }

    #[tokio::test]
    async fn a_site_is_for_its_own_pages_and_ours() {
        let folder = tempfile::tempdir().expect("temp dir");
        let sites = Sites::open(Store::open(folder.path()).expect("opens")).await.expect("reads");
        let by = || By { who: "ana".into(), at: Instant(1) };
        let of = |page: &str| SiteSettings { origins: vec![origin(page)], ..Default::default() };
        sites.add(key("one"), of("https://one.example"), by()).await.expect("added");
        sites.add(key("two"), of("https://two.example"), by()).await.expect("added");
        let origins = Origins {
            own: vec![origin("https://chat.example")],
            first: key("one"),
            named: vec![origin("https://named.example")],
            sites,
        };
        for (site, page, allowed) in [
            ("one", "https://one.example", true),
            ("one", "https://two.example", false),
            ("one", "https://one.example:8443", false),
            ("one", "https://named.example", true),
            ("two", "https://named.example", false),
            ("two", "https://chat.example", true),
            ("three", "https://chat.example", false),
        ] {
            assert_eq!(origins.allows(&key(site), &origin(page)), allowed, "{site} {page}");
        }
        assert!(origins.any_site(&origin("https://two.example")));
        assert!(!origins.any_site(&origin("https://evil.example")));
    }

    #[test]
    fn a_header_must_be_one_bare_origin() {
        let headers = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::ORIGIN, value.parse().expect("header"));
            }
            of(&headers).is_some()
        };
        assert!(headers(&["https://shop.example"]));
        assert!(!headers(&["https://shop.example/"]));
        assert!(!headers(&["https://shop.example", "https://evil.example"]));
        assert!(!headers(&[]));
    }
}
