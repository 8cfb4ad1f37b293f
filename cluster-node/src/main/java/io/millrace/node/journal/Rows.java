package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.cql.Row;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Reads rows of {@code log}. */
final class Rows {
    static final ByteBuffer NO_BODY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private Rows() {}

    static LogRecord head(Row row) {
        return record(row, NO_BODY);
    }

    static LogRecord whole(Row row) {
        return record(row, bytes(row, "body"));
    }

    static LogTables.Size size(Row row) {
        return new LogTables.Size(row.getLong("seq"), row.getInt("size"));
    }

    private static LogRecord record(Row row, ByteBuffer body) {
        return new LogRecord(
                row.getLong("seq"),
                row.getLong("epoch"),
                Objects.requireNonNullElse(row.getString("manifest"), ""),
                bytes(row, "head"),
                body);
    }

    static ByteBuffer bytes(Row row, String column) {
        return Objects.requireNonNullElse(row.getByteBuffer(column), NO_BODY);
    }
}
