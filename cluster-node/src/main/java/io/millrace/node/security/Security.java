package io.millrace.node.security;

import io.millrace.node.application.Access;
import io.millrace.node.application.Audit;
import io.millrace.node.application.Keys;
import io.millrace.node.application.Ticker;
import io.millrace.node.settings.SecuritySettings;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that a node needs to know its callers, by its settings. */
public final class Security implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Security.class);

    private final Access access;
    private final Keys keys;
    private final AuditLog audit;
    private final ScheduledExecutorService timer;

    private Security(Access access, Keys keys, AuditLog audit, ScheduledExecutorService timer) {
        this.access = access;
        this.keys = keys;
        this.audit = audit;
        this.timer = timer;
    }

    /**
     * Begins to keep the keys up to date.
     *
     * @throws IllegalArgumentException naming the key, if the issuer's keys can't be read
     */
    public static Security start(SecuritySettings settings, KeyStore store, Clock clock, Ticker ticker) {
        AuditLog audit = new AuditLog(ticker);
        Keys keys = new ApiKeys(store, clock);
        KeyRing ring = new KeyRing(store, clock, ticker);
        Tokens tokens =
                settings.tokens().map(jwt -> new Tokens(jwt, clock, ticker)).orElse(null);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "millrace-security");
            thread.setDaemon(true);
            return thread;
        });
        every(timer, audit::tick);
        if (!settings.open()) {
            every(timer, () -> refresh(ring));
        }
        return new Security(settings.open() ? Access.OPEN : new Callers(ring, tokens), keys, audit, timer);
    }

    private static void every(ScheduledExecutorService timer, Runnable work) {
        var unused = timer.scheduleAtFixedRate(work, 0, KeyRing.EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void refresh(KeyRing ring) {
        CompletionStage<?> asked = ring.refresh();
        asked.whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.debug("the keys can't be looked up now: {}", failure.toString());
            }
        });
    }

    public Access access() {
        return access;
    }

    public Keys keys() {
        return keys;
    }

    public Audit audit() {
        return audit;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
