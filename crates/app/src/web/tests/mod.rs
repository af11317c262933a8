//! The pages and the API, asked as a browser or a program would, without a socket.

mod accounts;
mod frame;
mod isolation;
mod matrix;
mod support;
mod tasks_api;
mod tasks_pages;
