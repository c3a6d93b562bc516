//! x
pub mod chart;
pub mod code;
pub mod dataset;
pub mod network;
pub mod properties;
pub mod random;
pub mod sweep;
pub mod training;
