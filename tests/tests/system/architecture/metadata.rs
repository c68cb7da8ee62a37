//! What cargo says about the workspace.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::process::Command;
use std::sync::LazyLock;

use serde::Deserialize;
use twostep_tests::repository;

/// The answer of `cargo metadata`, asked once.
pub(crate) static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(repository())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
});

#[derive(Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) license: Option<String>,
    pub(crate) manifest_path: String,
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// None: a normal one; else `dev` or `build`.
    pub(crate) kind: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

impl Metadata {
    /// The workspace's own packages.
    pub(crate) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }

    /// The names of all packages that end up in, or build, a package of ours; of all of ours without a name.
    pub(crate) fn linked_by(&self, root: Option<&str>) -> BTreeSet<&str> {
        let names: HashMap<_, _> =
            self.packages.iter().map(|package| (&*package.id, &*package.name)).collect();
        let nodes: BTreeMap<_, _> = self.resolve.nodes.iter().map(|node| (&*node.id, node)).collect();
        let mut waiting: Vec<&str> = self
            .ours()
            .filter(|package| root.is_none_or(|root| package.name == root))
            .map(|package| &*package.id)
            .collect();
        let mut seen: BTreeSet<&str> = waiting.iter().copied().collect();
        while let Some(id) = waiting.pop() {
            for edge in &nodes[id].deps {
                let links =
                    edge.dep_kinds.iter().any(|kind| root.is_none() || kind.kind.as_deref() != Some("dev"));
                if links && seen.insert(&edge.pkg) {
                    waiting.push(&edge.pkg);
                }
            }
        }
        seen.into_iter().map(|id| names[id]).collect()
    }
}
