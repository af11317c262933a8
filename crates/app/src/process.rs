//! Who holds the migrator's lock, and whether that process still lives.

/// Text that names this process: machine, process number, start of the process, and a random part.
///
/// A process number alone is not enough: after a restart another program may have it.
#[must_use]
pub fn holder() -> String {
    let process = std::process::id();
    format!("{}/{process}/{}/{}", machine(), start_of(process).unwrap_or_default(), crate::clock::new_id())
}

/// Whether a holder may still be at work. Only of a process of this machine can it be said that it is gone;
/// the lock of any other one runs out by its time.
#[must_use]
pub fn is_alive(holder: &str) -> bool {
    let mut parts = holder.split('/');
    let (Some(machine_of_holder), Some(process), Some(start)) = (parts.next(), parts.next(), parts.next()) else {
        return true;
    };
    if machine_of_holder != machine() {
        return true;
    }
    let Ok(process) = process.parse::<u32>() else { return true };
    exists(process) && start_of(process).is_none_or(|now| start.is_empty() || now == start)
}

#[cfg(unix)]
fn machine() -> String {
    // A slash separates the parts.
    rustix::system::uname().nodename().to_string_lossy().replace('/', "_")
}

#[cfg(not(unix))]
fn machine() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default().replace('/', "_")
}

#[cfg(unix)]
fn exists(process: u32) -> bool {
    let Some(id) = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw) else { return false };
    // A refusal means that the process exists and belongs to somebody else.
    rustix::process::test_kill_process(id) != Err(rustix::io::Errno::SRCH)
}

#[cfg(not(unix))]
fn exists(_: u32) -> bool {
    true
}

/// When a process began, in clock ticks since the machine did; only Linux tells.
fn start_of(process: u32) -> Option<String> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, second and in parentheses, may hold blanks; the start is the 20th field behind it.
    let (_, rest) = text.rsplit_once(')')?;
    rest.split_whitespace().nth(19).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_lives_and_a_dead_one_does_not() {
        assert!(is_alive(&holder()));
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let id = child.id();
        child.wait().unwrap();
        assert!(!is_alive(&format!("{}/{id}//x", machine())));
    }

    #[test]
    fn a_process_that_got_a_dead_ones_number_is_another() {
        if start_of(std::process::id()).is_some() {
            assert!(!is_alive(&format!("{}/{}/1/x", machine(), std::process::id())));
        }
    }

    #[test]
    fn of_other_machines_nothing_is_known() {
        assert!(is_alive("elsewhere.example/1/1/x"));
        assert!(is_alive("nonsense"));
    }
}
