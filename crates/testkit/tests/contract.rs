//! Every rule of the contract on every store.

use landfast_testkit::store_tests;

landfast_testkit::for_each_rule!(store_tests);
