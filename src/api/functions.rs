//! `/functions`: what filters may call beside the functions of the standard (OGC API – Features Part 3, clause 8.3).

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::{Value, json};

use super::{
    App,
    answer::Answer,
    extract::Ask,
    links::self_and_alternates,
    negotiate::{DOCUMENT, Form},
    problem::Problem,
};

use crate::{
    formats::html,
    query::filter::{FUNCTIONS, Signature},
};

pub(super) async fn list(State(app): State<Arc<App>>, ask: Ask) -> Result<Response, Problem> {
    let offer = ask.form(DOCUMENT, &[])?;
    let links = self_and_alternates(&ask, &offer, DOCUMENT);
    let answer = Answer::new(&app, &ask, &offer, "").links(&links);
    let functions = FUNCTIONS.iter().map(describe).collect::<Vec<_>>();
    let document = json!({ "functions": functions, "links": links });
    Ok(answer.send(|| match offer.form {
        Form::Html => html::functions(&ask.page(&app, links), &document),
        _ => document.to_string(),
    }))
}

fn describe(signature: &Signature) -> Value {
    let arguments = signature.arguments.iter().map(|(title, domain)| json!({ "title": title, "type": [domain.as_str()] }));
    json!({
        "name": signature.name,
        "description": signature.description,
        "arguments": arguments.collect::<Vec<_>>(),
        "returns": [signature.returns.as_str()],
    })
}
