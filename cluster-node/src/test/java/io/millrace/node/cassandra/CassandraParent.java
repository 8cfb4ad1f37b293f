package io.millrace.node.cassandra;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that has a Cassandra as its child, to be killed by a test. */
final class CassandraParent {

    private CassandraParent() {}

    public static void main(String[] arguments) throws Exception {
        CassandraProcess process = CassandraProcess.start(ChildCassandraSettings.forTests(Path.of(arguments[0])));
        System.out.println(process.pid() + " " + process.contactPoint().getPort());
        new CountDownLatch(1).await();
    }
}
