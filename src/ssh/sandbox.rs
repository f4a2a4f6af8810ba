//! Confines the server to what it needs, where the kernel can: files with Landlock, system calls with seccomp.
//!
//! Both apply to threads that are started later, so they are enforced before the first one. Each is enforced as a whole
//! or not at all: for Landlock, the highest version is used of which the kernel enforces everything. A server that
//! could not be confined although the kernel can does not start.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, NetPort, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, path_beneath_rules,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

use crate::config::ServeOptions;
use crate::source::Sources;
use crate::source::file_watch::folders;

/// What is in force. Displayed in the log.
pub(super) struct Sandbox {
    landlock: Option<ABI>,
    has_seccomp: bool,
}

impl fmt::Display for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.landlock {
            Some(version) => write!(f, "Landlock {}", version as i32)?,
            None => write!(f, "no Landlock")?,
        }
        write!(f, ", {}", if self.has_seccomp { "seccomp" } else { "no seccomp" })
    }
}

impl Sandbox {
    /// Nothing is in force.
    pub(super) const NONE: Self = Self { landlock: None, has_seccomp: false };

    /// Confines this thread and those that it starts.
    ///
    /// # Errors
    /// The kernel offers a confinement and then refuses it.
    pub(super) fn enforce(options: &ServeOptions, sources: &Sources) -> anyhow::Result<Self> {
        let advice = || "cannot confine the server; --no-sandbox starts it without";
        Ok(Self {
            landlock: enforce_landlock(options, sources).with_context(advice)?,
            has_seccomp: enforce_seccomp().with_context(advice)?,
        })
    }
}

/// The versions of Landlock that are tried, the best first.
const VERSIONS: [ABI; 5] = [ABI::V5, ABI::V4, ABI::V3, ABI::V2, ABI::V1];

fn enforce_landlock(options: &ServeOptions, sources: &Sources) -> anyhow::Result<Option<ABI>> {
    let create = |version: ABI| {
        let ruleset = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
        let ruleset = ruleset.handle_access(AccessFs::from_all(version)).ok()?;
        // The server connects to nothing, and listens on its own ports only.
        let network = AccessNet::from_all(version);
        let ruleset = if network.is_empty() { ruleset } else { ruleset.handle_access(network).ok()? };
        Some((version, ruleset.create().ok()?))
    };
    let Some((version, ruleset)) = VERSIONS.into_iter().find_map(create) else { return Ok(None) };
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let write = read
        | AccessFs::WriteFile
        | AccessFs::MakeReg
        | AccessFs::MakeDir
        | AccessFs::RemoveFile
        | (AccessFs::from_all(version) & BitFlags::from(AccessFs::Truncate));
    let mut ruleset = ruleset
        .add_rules(path_beneath_rules(readable(options, sources), read))?
        .add_rules(path_beneath_rules(writable(options), write))?;
    if AccessNet::from_all(version).contains(AccessNet::BindTcp) {
        let ports = [Some(options.listen), options.admin].into_iter().flatten().map(|address| address.port());
        ruleset = ruleset
            .add_rules(ports.map(|port| Ok::<_, landlock::RulesetError>(NetPort::new(port, AccessNet::BindTcp))))?;
    }
    match ruleset.restrict_self()?.ruleset {
        RulesetStatus::FullyEnforced => Ok(Some(version)),
        status => Err(anyhow!("Landlock {} is {status:?}", version as i32)),
    }
}

/// The folders of the data and of the keys, and what the system's library reads: time zones, the number of CPUs.
fn readable(options: &ServeOptions, sources: &Sources) -> Vec<PathBuf> {
    let keys = options.authorized_keys.iter().flat_map(|file| folders(file));
    let system = ["/usr/share/zoneinfo", "/etc/localtime", "/proc/self", "/sys/fs/cgroup"].map(PathBuf::from);
    keys.chain(sources.readable_folders()).chain(system).collect()
}

/// The folders of the files that the server writes: the first one above the file that exists.
fn writable(options: &ServeOptions) -> Vec<PathBuf> {
    let files = [options.host_key_path().ok(), options.last_good.clone()];
    let folder = |file: PathBuf| {
        let file = std::path::absolute(file).ok()?;
        file.ancestors().skip(1).find(|folder| folder.exists()).map(Path::to_owned)
    };
    files.into_iter().flatten().filter_map(folder).collect()
}

/// System calls that the server never needs and that attacks do: running programs, other processes, the kernel and its
/// keys, mounts and namespaces, other users, and rings that bypass filters.
const REFUSED: &[i64] = &[
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_setuid,
    libc::SYS_setgid,
    libc::SYS_setreuid,
    libc::SYS_setregid,
    libc::SYS_setresuid,
    libc::SYS_setresgid,
    libc::SYS_setgroups,
    libc::SYS_capset,
    libc::SYS_personality,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
];

/// The kinds of socket that the server opens.
const SOCKETS: [i32; 3] = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6];

fn enforce_seccomp() -> anyhow::Result<bool> {
    // The kernel lists what filters can do; without the file it has none.
    if !fs::exists("/proc/sys/kernel/seccomp/actions_avail").unwrap_or(false) {
        return Ok(false);
    }
    let Ok(architecture) = std::env::consts::ARCH.try_into() else { return Ok(false) };
    let is_other = |kind: i32| {
        let kind = u64::from(kind.unsigned_abs());
        SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, kind)
    };
    let sockets = SeccompRule::new(SOCKETS.map(is_other).into_iter().collect::<Result<_, _>>()?)?;
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = REFUSED.iter().map(|call| (*call, Vec::new())).collect();
    rules.insert(libc::SYS_socket, vec![sockets]);
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let filter: BpfProgram = SeccompFilter::new(rules, SeccompAction::Allow, refused, architecture)?.try_into()?;
    seccompiler::apply_filter(&filter)?;
    Ok(true)
}
