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
}
