package io.millrace.node.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import org.junit.jupiter.api.Test;

class SharedCassandraIT {

    @Test
    void theSharedOneIsStartedOnceAndTakesKeyspacesThatNobodyHasHad() {
        TestCassandra cassandra = TestCassandra.shared();
        assertThat(TestCassandra.shared()).isSameAs(cassandra);
        assertThat(cassandra.newKeyspace()).isNotEqualTo(cassandra.newKeyspace());

        try (CqlSession session = CqlSession.builder()
                .addContactPoint(cassandra.contactPoint())
                .withLocalDatacenter(cassandra.datacenter())
                .build()) {
            String keyspace = cassandra.newKeyspace();
            session.execute("CREATE KEYSPACE " + keyspace
                    + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
            session.execute("DROP KEYSPACE " + keyspace);
        }
    }

    /** Wherever it runs: what Millrace's promises stand on (design D10). */
    @Test
    void whatItAcknowledgesIsOnTheDisk() {
        TestCassandra cassandra = TestCassandra.shared();
        try (CqlSession session = CqlSession.builder()
                .addContactPoint(cassandra.contactPoint())
                .withLocalDatacenter(cassandra.datacenter())
                .build()) {
            assertThat(setting(session, "commitlog_sync")).isIn("batch", "group");
            assertThat(setting(session, "paxos_variant")).isEqualTo("v2");
        }
    }

    private static String setting(CqlSession session, String name) {
        return session.execute("SELECT value FROM system_views.settings WHERE name = ?", name)
                .one()
                .getString("value");
    }
}
