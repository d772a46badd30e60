//! A router that remembers what it routes, so that a test can ask every route who may reach it.

use axum::Router;
use axum::handler::Handler;
use axum::routing::MethodFilter;
use axum::routing::{MethodRouter, on};

use super::Web;

/// A route: its method and path, as `POST /api/auth/sign-in`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// In capitals.
    pub method: &'static str,
    /// With its parameters in braces.
    pub path: &'static str,
}

/// Routes and the list of them.
#[derive(Default)]
pub struct Routes {
    router: Router<Web>,
    list: Vec<Route>,
}

impl Routes {
    /// With one more `GET`.
    pub fn get<T: 'static>(self, path: &'static str, handler: impl Handler<T, Web>) -> Self {
        self.with("GET", path, on(MethodFilter::GET, handler))
    }

    /// With one more `POST`.
    pub fn post<T: 'static>(self, path: &'static str, handler: impl Handler<T, Web>) -> Self {
        self.with("POST", path, on(MethodFilter::POST, handler))
    }

    /// With one more `DELETE`.
    pub fn delete<T: 'static>(self, path: &'static str, handler: impl Handler<T, Web>) -> Self {
        self.with("DELETE", path, on(MethodFilter::DELETE, handler))
    }

    fn with(mut self, method: &'static str, path: &'static str, to: MethodRouter<Web>) -> Self {
        self.list.push(Route { method, path });
        Self { router: self.router.route(path, to), list: self.list }
    }

    /// With everything of another one.
    pub fn merge(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        Self { router: self.router.merge(other.router), list: self.list }
    }

    /// With a change to its router, such as a layer.
    pub fn map(self, change: impl FnOnce(Router<Web>) -> Router<Web>) -> Self {
        Self { router: change(self.router), list: self.list }
    }

    /// What it routes.
    pub fn list(&self) -> &[Route] {
        &self.list
    }

    /// The router.
    pub fn into_router(self) -> Router<Web> {
        self.router
    }
}
