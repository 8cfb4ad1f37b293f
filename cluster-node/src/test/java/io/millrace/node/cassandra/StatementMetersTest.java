package io.millrace.node.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementMetersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT seq, body FROM millrace.log WHERE log = ? AND bucket = ?     | select_log",
                "UPDATE k.log_tail SET tail = ? WHERE log = ? IF epoch = ?           | update_log_tail",
                "INSERT INTO k.bot_row (shard, bot, row) VALUES (?, ?, ?)            | insert_bot_row",
                "DELETE FROM k.log WHERE log = ? AND bucket = ?                      | delete_log",
                "SELECT release_version FROM system.local                            | select_local",
                "CREATE KEYSPACE IF NOT EXISTS millrace WITH replication = {}        | _other",
                "''                                                                  | _other",
            })
    void aStatementIsNamedByItsVerbAndItsTable(String query, String name) {
        assertThat(StatementMeters.name(query)).isEqualTo(name);
    }
}
