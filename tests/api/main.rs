//! The web service, asked as a client asks it: requests through the whole stack of layers, no network.

mod architecture;
mod documents;
mod errors;
mod http;
mod items;
mod process;
mod support;
