//! Technician groups: the tree, the box, the lock, the Admins.

use twostep_domain::group::{
    self, AssignAdmin, ChangeEnforcement, Create, Enforcement, Group, GroupCommand, GroupError as Refusal,
    GroupEvent, GroupState, Lock, Move, Place, RemoveAdmin, Rename, Unlock,
};
use twostep_domain::{Aggregate as _, CompanyId, GroupId, MemberId, Name, Role, StreamKind};
use twostep_event_store::{Metadata, Revision, StreamId};
use twostep_projections::CompanyView;
use twostep_vault::random;

use crate::ledger::Turn;
use crate::manage::{ManageError, fit_or_kept, unmoved};
use crate::{Authority, Commands, Done, Fold, LedgerError, SessionCaller};

/// Why a group's command is not carried out.
pub type GroupError = ManageError<Refusal>;

/// What a group is called and where it lies.
#[derive(Clone, Debug)]
pub struct ChangeGroup {
    /// Its name; one that it has already stays, whatever is asked of new ones.
    pub name: Name,
    /// The group it lies in; none: at the top.
    pub parent: Option<GroupId>,
}

impl Commands {
    /// Creates a group; the same idempotency key creates the same group.
    ///
    /// # Errors
    /// [`GroupError`].
    pub async fn create_group(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        name: Name,
        parent: Option<GroupId>,
        metadata: &Metadata,
    ) -> Result<(GroupId, Done<Group>), GroupError> {
        drop(self.authorise::<Refusal>(caller, company, Authority::MasterAdmin).await?);
        let turn = self.tree_turn(company).await?;
        let directory = self.authorise::<Refusal>(caller, company, Authority::MasterAdmin).await?;
        let view = directory.company(company).ok_or(ManageError::NotFound)?;
        known_parent(view, parent)?;
        let id = GroupId(new_thing(metadata, "group"));
        // Asked for again, the group is there itself.
        if view.group(id).is_none() && is_taken(view, id, &name, parent) {
            return Err(taken());
        }
        drop(directory);
        let create = GroupCommand::Create(Create { name, parent });
        let done = self.decide_group(company, id, metadata, |_| Ok(create.clone())).await?;
        drop(turn);
        Ok((id, done))
    }

    /// Renames and moves a group, for whoever saw revision `expected`: whatever of the two is different.
    ///
    /// # Errors
    /// [`GroupError`].
    pub async fn change_group(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        id: GroupId,
        expected: Revision,
        change: ChangeGroup,
        metadata: &Metadata,
    ) -> Result<Done<Group>, GroupError> {
        self.known_group(caller, company, id).await?;
        let turn = self.tree_turn(company).await?;
        let directory = self.authorise::<Refusal>(caller, company, Authority::MasterAdmin).await?;
        let view = directory.company(company).ok_or(ManageError::NotFound)?;
        known_parent(view, change.parent)?;
        let is_taken = is_taken(view, id, &change.name, change.parent);
        let to = change.parent.map(|parent| Place {
            parent,
            above: view.chain(parent).into_iter().skip(1).map(|(id, _, _)| id).collect(),
        });
        drop(directory);
        let (name, parent) = (change.name.clone(), change.parent);
        let wanted =
            [GroupCommand::Rename(Rename { new: change.name }), GroupCommand::Move(Move { group: id, to })];
        let done = self
            .ledger
            .execute(&StreamId::new(company, StreamKind::Group, id.0), metadata, |fold: &Fold<Group>| {
                unmoved(expected, fold.revision())?;
                let group = fold.state().created();
                fit_or_kept("name", &name, group.map(group::Created::name))?;
                // Two that lie beside each other from before may stay.
                if is_taken && group.is_none_or(|group| *group.name() != name || group.parent() != parent) {
                    return Err(taken());
                }
                either_or_both(fold.state(), &wanted).map_err(ManageError::Refused)
            })
            .await
            .map_err(|error| error.refused_as(|refused| refused));
        drop(turn);
        done
    }

    /// Sets the box, for whoever saw revision `expected`.
    ///
    /// # Errors
    /// [`GroupError`].
    #[allow(clippy::too_many_arguments, reason = "each is another fact of the one request")]
    pub async fn change_enforcement(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        id: GroupId,
        expected: Revision,
        new: Enforcement,
        reason: String,
        metadata: &Metadata,
    ) -> Result<Done<Group>, GroupError> {
        let directory = self.authorise::<Refusal>(caller, company, Authority::Group(id)).await?;
        let view = directory.company(company).ok_or(ManageError::NotFound)?;
        let above: Vec<_> = view.chain(id).into_iter().skip(1).map(|(_, group, _)| group).collect();
        let locked_above = group::locked_above(above);
        drop(directory);
        let change = ChangeEnforcement {
            new,
            reason,
            locked_above,
            by_master_admin: caller.principal.is_master_admin(),
        };
        self.decide_group(company, id, metadata, |fold| {
            unmoved(expected, fold.revision())?;
            Ok(GroupCommand::ChangeEnforcement(change.clone()))
        })
        .await
    }

    /// Locks or unlocks the box against Admins, for whoever saw revision `expected`.
    ///
    /// # Errors
    /// [`GroupError`].
    pub async fn lock_enforcement(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        id: GroupId,
        expected: Revision,
        locked: bool,
        metadata: &Metadata,
    ) -> Result<Done<Group>, GroupError> {
        self.known_group(caller, company, id).await?;
        let by = caller.principal.member;
        let command =
            if locked { GroupCommand::Lock(Lock { by }) } else { GroupCommand::Unlock(Unlock { by }) };
        self.decide_group(company, id, metadata, |fold| {
            unmoved(expected, fold.revision())?;
            Ok(command.clone())
        })
        .await
    }

    /// Assigns the group to an Admin, or takes it away.
    ///
    /// # Errors
    /// [`GroupError`].
    pub async fn assign_admin(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        id: GroupId,
        member: MemberId,
        assigned: bool,
        metadata: &Metadata,
    ) -> Result<Done<Group>, GroupError> {
        self.known_group(caller, company, id).await?;
        if assigned {
            let directory = self.authorise::<Refusal>(caller, company, Authority::MasterAdmin).await?;
            let person = directory
                .company(company)
                .and_then(|view| view.member(member))
                .ok_or(ManageError::NotFound)?;
            if !person.roles.has(Role::Admin) {
                let message = "this person is no Admin".to_owned();
                return Err(ManageError::Field { field: "member", message });
            }
        }
        let command = if assigned {
            GroupCommand::AssignAdmin(AssignAdmin { member })
        } else {
            GroupCommand::RemoveAdmin(RemoveAdmin { member })
        };
        self.decide_group(company, id, metadata, |_| Ok(command.clone())).await
    }

    /// Two groups' streams know nothing of each other: one group at a time is made, named or moved in a company, each judged
    /// by a directory that has seen the one before, so that two at once tie no ring and take no name twice. Two replicas
    /// at the same moment still could. Whoever may not is told so before: they would only keep those waiting who may.
    async fn tree_turn(&self, company: CompanyId) -> Result<Turn, GroupError> {
        Ok(self.group_moves.wait(&StreamId::company(company)).await.ok_or(LedgerError::Busy)?)
    }

    /// Master Admins only; a group that the caller doesn't see isn't there.
    async fn known_group(
        &self,
        caller: &SessionCaller,
        company: CompanyId,
        id: GroupId,
    ) -> Result<(), GroupError> {
        drop(self.authorise::<Refusal>(caller, company, Authority::Group(id)).await?);
        drop(self.authorise::<Refusal>(caller, company, Authority::MasterAdmin).await?);
        Ok(())
    }

    async fn decide_group(
        &self,
        company: CompanyId,
        id: GroupId,
        metadata: &Metadata,
        mut command: impl FnMut(&Fold<Group>) -> Result<GroupCommand, GroupError> + Send,
    ) -> Result<Done<Group>, GroupError> {
        self.ledger
            .execute(&StreamId::new(company, StreamKind::Group, id.0), metadata, |fold: &Fold<Group>| {
                let command = command(fold)?;
                Group::decide(fold.state(), command).map_err(ManageError::Refused)
            })
            .await
            .map_err(|error| error.refused_as(|refused| refused))
    }
}

/// What `commands` cause together, one of which may change nothing: in one append, so that a refused move leaves the old name.
fn either_or_both(state: &GroupState, commands: &[GroupCommand]) -> Result<Vec<GroupEvent>, Refusal> {
    let mut events = Vec::new();
    for command in commands {
        match Group::decide(state, command.clone()) {
            Ok(decided) => events.extend(decided),
            Err(Refusal::Unchanged) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    if events.is_empty() { Err(Refusal::Unchanged) } else { Ok(events) }
}

fn known_parent(view: &CompanyView, parent: Option<GroupId>) -> Result<(), GroupError> {
    let known = parent.is_none_or(|parent| view.group(parent).is_some());
    known.then_some(()).ok_or(ManageError::NotFound)
}

/// Whether another group beside `id` has this name: nobody could tell the two apart.
fn is_taken(view: &CompanyView, id: GroupId, name: &Name, parent: Option<GroupId>) -> bool {
    let beside = |group: &group::Created| group.parent() == parent && group.name().reads_like(name);
    view.groups().any(|(other, group, _)| other != id && group.created().is_some_and(beside))
}

fn taken() -> GroupError {
    let message = "a group in the same place has this name already: choose another".to_owned();
    ManageError::Field { field: "name", message }
}

/// The id of something new: with an idempotency key the same every time (S35).
pub(crate) fn new_thing(metadata: &Metadata, role: &str) -> uuid::Uuid {
    match &metadata.idempotency {
        Some(key) => {
            uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, format!("{}:{role}", key.key.as_str()).as_bytes())
        }
        None => random::new_id(),
    }
}
