//! The macro that declares a record type from its columns.

/// Declares a record: a struct with one [`Field`](super::Field) a column, and its [`Record`](super::Record) implementation.
///
/// `identity |r| expr` gives the legacy id text; `repository method` the accessor on `Repositories`;
/// a column may name the text it has when its file lacks the column (`= "Work"`).
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            entity: $entity:literal, file: $file:literal, repository: $repository:ident,
            identity: |$this:ident| $identity:expr,
            columns: { $( $(#[$field_meta:meta])* $field:ident : $kind:ident $(= $absent:literal)? ),* $(,)? }
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            /// Unique among one user's records of this kind.
            pub key: $crate::record::RecordKey,
            $( $(#[$field_meta])* pub $field: $crate::record::Field<$crate::record::$kind>, )*
            /// Cells of columns this version does not know, in file order.
            pub extra: Vec<(String, String)>,
        }

        impl $crate::record::Record for $name {
            const ENTITY: &'static str = $entity;
            const FILE: &'static str = $file;
            const COLUMNS: &'static [$crate::record::Column] = &[ $( $crate::record::Column {
                name: $crate::record::column_name!($field),
                kind: $crate::record::ColumnKind::$kind,
                when_absent: concat!($($absent)?),
            } ),* ];

            fn blank(key: $crate::record::RecordKey) -> Self {
                Self {
                    key,
                    $( $field: $crate::record::Field::from_raw(concat!($($absent)?)), )*
                    extra: Vec::new(),
                }
            }
            fn key(&self) -> &$crate::record::RecordKey { &self.key }
            fn set_key(&mut self, key: $crate::record::RecordKey) { self.key = key; }
            fn identity(&self) -> String { let $this = self; $identity }
            fn cell(&self, column: usize) -> &str {
                let mut number = 0_usize;
                $( if column == number { return self.$field.raw(); } number += 1; )*
                let _ = number;
                ""
            }
            fn set_cell(&mut self, column: usize, text: String) {
                let mut number = 0_usize;
                $( if column == number { self.$field.set_raw(text); return; } number += 1; )*
                let _ = number;
            }
            fn extra(&self) -> &[(String, String)] { &self.extra }
            fn extra_mut(&mut self) -> &mut Vec<(String, String)> { &mut self.extra }
            fn repository(repositories: &mut dyn $crate::store::Repositories)
                -> &mut dyn $crate::store::RecordRepository<Self> { repositories.$repository() }
        }
    };
}
/// Header name of a column: the field's name, but for names that are Rust keywords.
macro_rules! column_name {
    (type_) => {
        "type"
    };
    ($field:ident) => {
        stringify!($field)
    };
}
pub(crate) use {column_name, record};
