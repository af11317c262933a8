//! Attributes of a row by name.

use crate::tasks::rows::PreparedRow;

macro_rules! attributes {
    ($( $(#[$meta:meta])* $variant:ident $name:literal $row:ident => $value:expr, )*) => {
        /// A number that every row has or may have, with the name it goes by in requests.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Attribute {
            $( $(#[$meta])* #[doc = concat!("; `", $name, "`.")] $variant, )*
        }

        impl Attribute {
            /// All attributes.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )*];

            /// Name in requests.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $name, )*
                }
            }

            /// The attribute of this name.
            ///
            /// ```
            /// use landfast_analytics::tasks::series::Attribute;
            /// assert_eq!(Attribute::from_name("stress_level"), Some(Attribute::StressLevel));
            /// assert_eq!(Attribute::from_name("nope"), None);
            /// ```
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $( $name => Some(Self::$variant), )*
                    _ => None,
                }
            }

            /// Value of a row; `None` where the row has none.
            #[must_use]
            pub fn value(self, row: &PreparedRow) -> Option<f64> {
                match self {
                    $( Self::$variant => { let $row = row; $value } )*
                }
            }
        }
    };
}

attributes! {
    /// Minutes worked
    DurationMinutes "duration_minutes" row => Some(row.duration_minutes),
    /// Relief, 0 to 100
    ReliefScore "relief_score" row => Some(row.relief_score),
    /// Mental energy needed, 0 to 100
    MentalEnergyNeeded "mental_energy_needed" row => Some(row.mental_energy_needed),
    /// Difficulty, 0 to 100
    TaskDifficulty "task_difficulty" row => Some(row.task_difficulty),
    /// Emotional load, 0 to 100
    EmotionalLoad "emotional_load" row => Some(row.emotional_load),
    /// Environmental effect, 0 to 100
    EnvironmentalEffect "environmental_effect" row => Some(row.environmental_effect),
    /// Physical load, 0 to 100
    PhysicalLoad "physical_load" row => Some(row.physical_load),
    /// Stored cognitive load, 0 to 100
    CognitiveLoad "cognitive_load" row => row.cognitive_load,
    /// Expected aversion, 0 to 100, 0 where none was given
    ExpectedAversion "expected_aversion" row => Some(row.expected_aversion),
    /// Expected relief, 0 to 100
    ExpectedRelief "expected_relief" row => row.expected_relief,
    /// Stress level, 0 to 100
    StressLevel "stress_level" row => Some(row.stress_level),
    /// Relief minus stress, -100 to 100
    NetWellbeing "net_wellbeing" row => Some(row.net_wellbeing),
    /// Net wellbeing around 50
    NetWellbeingNormalized "net_wellbeing_normalized" row => Some(row.net_wellbeing_normalized),
    /// Relief by stress, scaled to 0 to 100
    StressEfficiency "stress_efficiency" row => row.stress_efficiency,
    /// Relief by stress
    StressEfficiencyRaw "stress_efficiency_raw" row => row.stress_efficiency_raw,
    /// Actual minus expected relief
    NetRelief "net_relief" row => row.net_relief,
    /// Relief above expectation
    SerendipityFactor "serendipity_factor" row => Some(row.serendipity_factor),
    /// Relief below expectation
    DisappointmentFactor "disappointment_factor" row => Some(row.disappointment_factor),
    /// How well relief made up for stress, 0 to 100
    StressReliefCorrelationScore "stress_relief_correlation_score" row => Some(row.stress_relief_correlation_score),
    /// Behavioural score, 0 to 100
    BehavioralScore "behavioral_score" row => Some(row.behavioral_score),
    /// Behavioural score before scaling, 0 to 115
    BehavioralScoreRaw "behavioral_score_raw" row => Some(row.behavioral_score_raw),
    /// Stored procrastination score, 0 to 10
    ProcrastinationScore "procrastination_score" row => row.procrastination_score,
    /// Stored proactive score, 0 to 10
    ProactiveScore "proactive_score" row => row.proactive_score,
    /// Stored minutes between initialisation and start
    DelayMinutes "delay_minutes" row => row.delay_minutes,
    /// Change of capacity by the attempt, -100 to 100
    CapacityChange "capacity_change" row => row.tracking.capacity_change(),
}
