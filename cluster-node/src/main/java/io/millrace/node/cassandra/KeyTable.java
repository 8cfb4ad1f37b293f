package io.millrace.node.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.millrace.node.application.Grant;
import io.millrace.node.application.Rights;
import io.millrace.node.application.StorageAwayException;
import io.millrace.node.security.KeyStore;
import io.millrace.node.security.StoredKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Keys as rows of one partition, with a version beside them that changes together with any of them. Changes are compare-and-sets:
 * a revocation must not lose against the row it revokes because of a clock that is behind. Rows expire some time after their
 * keys.
 */
public final class KeyTable implements KeyStore {
    /** For how long a key that isn't valid any more is still shown. */
    private static final Duration SHOWN = Duration.ofDays(90);

    private static final String BUS = "millrace";

    private final CqlSession session;
    private final String table;

    public KeyTable(CqlSession session, String keyspace) {
        this.session = session;
        this.table = keyspace + ".api_key";
    }

    @Override
    public CompletionStage<Optional<String>> version() {
        return orAway(session.executeAsync(read("SELECT version FROM " + table + " WHERE bus = ? LIMIT 1")))
                .thenApply(rows -> Optional.ofNullable(rows.one())
                        .map(row -> row.getUuid("version"))
                        .map(UUID::toString));
    }

    @Override
    public CompletionStage<List<StoredKey>> all() {
        return orAway(session.executeAsync(read("SELECT * FROM " + table + " WHERE bus = ?"))
                .thenCompose(rows -> collect(rows, new ArrayList<>())));
    }

    private static CompletionStage<List<StoredKey>> collect(AsyncResultSet rows, List<StoredKey> keys) {
        rows.currentPage().forEach(row -> {
            // The version alone makes a row too, where there are no keys; and one bad row must not lock everybody out.
            if (row.getString("id") != null && !row.isNull("hash")) {
                keys.add(key(row));
            }
        });
        return rows.hasMorePages()
                ? rows.fetchNextPage().thenCompose(next -> collect(next, keys))
                : CompletableFuture.completedStage(keys);
    }

    private static StoredKey key(Row row) {
        ByteBuffer hash = Objects.requireNonNull(row.getByteBuffer("hash"));
        byte[] bytes = new byte[hash.remaining()];
        hash.get(bytes);
        return new StoredKey(
                text(row, "id"),
                bytes,
                text(row, "name"),
                rights(row),
                Instant.ofEpochMilli(row.getLong("created")),
                text(row, "created_by"),
                Instant.ofEpochMilli(row.getLong("expires")),
                row.isNull("revoked") ? null : Instant.ofEpochMilli(row.getLong("revoked")));
    }

    /** What a newer node may grant and this one doesn't know isn't granted here. */
    private static Rights rights(Row row) {
        List<String> grants = Objects.requireNonNullElse(row.getList("grants", String.class), List.of());
        return new Rights(grants.stream()
                .flatMap(text -> Grant.find(text).stream())
                .limit(Rights.MOST)
                .toList());
    }

    private static String text(Row row, String column) {
        return Objects.requireNonNullElse(row.getString(column), "");
    }

    @Override
    public CompletionStage<Void> put(StoredKey key) {
        Instant end = key.revoked() == null ? key.expires() : key.revoked();
        Duration shown = Duration.between(key.revoked() == null ? key.created() : end, end.plus(SHOWN));
        // Updates only: of rows that were inserted a mark would stay behind for ever.
        SimpleStatement row = SimpleStatement.newInstance(
                "UPDATE " + table + " USING TTL " + shown.toSeconds()
                        + " SET hash = ?, name = ?, grants = ?, created = ?,"
                        + " created_by = ?, expires = ?, revoked = ? WHERE bus = ? AND id = ? IF revoked = NULL",
                ByteBuffer.wrap(key.hash()),
                key.name(),
                key.rights().grants().stream().map(Object::toString).toList(),
                key.created().toEpochMilli(),
                key.createdBy(),
                key.expires().toEpochMilli(),
                key.revoked() == null ? null : key.revoked().toEpochMilli(),
                BUS,
                key.id());
        SimpleStatement version = SimpleStatement.newInstance(
                "UPDATE " + table + " SET version = ? WHERE bus = ?", UUID.randomUUID(), BUS);
        BatchStatement both = BatchStatement.builder(DefaultBatchType.LOGGED)
                .addStatements(row, version)
                .setExecutionProfileName(Sessions.COMPARE_AND_SET)
                .build();
        // Not applied means that it is revoked already: what is revoked stays so.
        return orAway(session.executeAsync(both)).thenAccept(done -> {});
    }

    private static SimpleStatement read(String cql) {
        return SimpleStatement.builder(cql)
                .addPositionalValue(BUS)
                .setConsistencyLevel(ConsistencyLevel.LOCAL_QUORUM)
                .setIdempotence(true)
                .build();
    }

    private static <T> CompletionStage<T> orAway(CompletionStage<T> asked) {
        return asked.handle((answer, failure) -> failure == null
                        ? CompletableFuture.completedStage(answer)
                        : CompletableFuture.<T>failedStage(new StorageAwayException(failure)))
                .thenCompose(Function.identity());
    }
}
