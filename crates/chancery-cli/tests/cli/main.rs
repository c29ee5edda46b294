//! Tests of the `chancery` command as its users meet it. One binary, so that it is linked once.

mod actors;
mod audit;
mod founding;
mod fuzz;
mod golden;
mod happenings;
mod intake;
mod killed;
mod ledger;
mod licenses;
mod mcp;
mod pages;
mod properties;
mod read;
mod schema;
mod support;
mod textless;
mod web;
