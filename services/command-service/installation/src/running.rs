//! The service over a foundation: started, watched and operated.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use twostep_commands::{Settings, Snapshots};
use twostep_delivery::{Leadership, Publisher, Reports};
use twostep_projections::AuditIndex;
use twostep_runtime::admin::Admin;
use twostep_runtime::test_clock::ProcessClock;
use twostep_runtime::{Stop, listen};
use twostep_service::{Breakers, HttpSettings, Parts, Service, TextLimits, Waits, Webhooks};
use twostep_vault::{HashingLimits, PasswordCost, PasswordHasher};

use crate::{Foundation, backup, operator_socket};

/// How messages get away.
pub struct Delivery {
    /// The way into the queue.
    pub publisher: Arc<dyn Publisher>,
    /// The way out of it.
    pub reports: Arc<dyn Reports>,
    /// Whether this process's relay publishes, where there are several.
    pub leadership: Arc<dyn Leadership>,
    /// Cancelled once nothing is reported any more.
    pub silence: CancellationToken,
    /// Where the breakers of the providers stand that this process calls itself.
    pub breakers: Breakers,
    /// How much waits in the queue.
    pub waiting: Waits,
    /// The caps on texts.
    pub texts: TextLimits,
    /// The providers whose word on a text is taken.
    pub webhooks: Webhooks,
}

/// The running service; whoever asks before [`Running::caught_up`] waits in the port's backlog.
pub struct Running {
    /// The service.
    pub service: Arc<Service>,
    /// The operator's socket.
    pub operator: PathBuf,
    foundation: Foundation,
}

impl Running {
    /// Starts the service; it ends with `stop`.
    ///
    /// # Errors
    /// A file of the data directory can't be opened.
    pub async fn start(
        foundation: Foundation,
        delivery: Delivery,
        settings: Settings,
        trusted_proxies: Vec<IpAddr>,
        clock: &ProcessClock,
        stop: &Stop,
    ) -> anyhow::Result<Self> {
        let Foundation { store, vault, data, .. } = &foundation;
        let Delivery { publisher, reports, leadership, silence, breakers, waiting, texts, webhooks } =
            delivery;
        let hasher = PasswordHasher::new(PasswordCost::default(), HashingLimits::default())?;
        let audit = AuditIndex::follow(store.clone(), &data.join("audit-index.db")).await?;
        let parts = Parts {
            store: store.clone(),
            reader: store.clone(),
            audit,
            snapshots: Arc::new(Snapshots::open(&data.join("snapshots.db"), vault.clone())?),
            vault: vault.clone(),
            hasher: Arc::new(hasher),
            clock: clock.shared(),
            publisher,
            reports,
            leadership,
            silence,
            breakers,
            waiting,
            seals: foundation.seals()?,
            texts,
            webhooks,
            settings,
            http: HttpSettings { trusted_proxies },
        };
        let service = Arc::new(Service::start(parts, stop));
        Ok(Self { service, operator: foundation.operator_path.clone(), foundation })
    }

    /// Serves the admin port.
    ///
    /// # Errors
    /// None expected.
    pub fn watch(
        &self,
        admin: TcpListener,
        clock: &ProcessClock,
        stop: &Stop,
    ) -> std::io::Result<SocketAddr> {
        let address = admin.local_addr()?;
        let (ready, measured) = (self.service.clone(), self.service.clone());
        let readiness = Admin::new()
            .check("log and read models", move || {
                let service = ready.clone();
                async move { service.ready().await }
            })
            .metrics(move || measured.metrics());
        stop.spawn("admin", listen::serve(admin, clock.add_route(readiness.router()), stop.clone()));
        Ok(address)
    }

    /// Waits until answers can be given, or the stop; then the operator is heard.
    pub async fn caught_up(self, stop: &Stop) {
        tokio::select! {
            () = stop.requested() => {}
            caught_up = self.service.caught_up() => {
                caught_up.unwrap_or_else(|reason| tracing::error!(%reason, "every answer that needs the log will be a refusal"));
            }
        }
        let Foundation { store: locked, data, operator, operator_path, .. } = self.foundation;
        let operated = self.service.operator(Arc::new(backup::Data(data)));
        let served = listen::serve_socket(operator, operated, stop.clone());
        stop.spawn("operator", async move {
            served.await;
            operator_socket::close(&operator_path);
            // Until here the log's lock is held, so the socket is no other process's.
            drop(locked);
        });
    }
}
