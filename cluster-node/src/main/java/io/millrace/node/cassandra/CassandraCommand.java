package io.millrace.node.cassandra;

import io.millrace.node.process.JvmCommand;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of the child process. */
final class CassandraCommand {

    private static final String MAIN_CLASS = "io.millrace.cassandra.CassandraChild";

    /** What Cassandra 5.0 wants of a Java 17 run time (its own {@code jvm17-server.options}). */
    private static final List<String> EXPORTS = List.of(
            "java.base/java.lang.ref",
            "java.base/jdk.internal.misc",
            "java.management.rmi/com.sun.jmx.remote.internal.rmi",
            "java.rmi/sun.rmi.registry",
            "java.rmi/sun.rmi.server",
            "java.sql/java.sql",
            "jdk.attach/sun.tools.attach",
            "jdk.compiler/com.sun.tools.javac.file",
            "jdk.unsupported/sun.misc");

    /** The same file's, and at the end three more that off-heap memtables and the object meter reach into. */
    private static final List<String> OPENS = List.of(
            "java.base/java.io",
            "java.base/java.lang",
            "java.base/java.lang.module",
            "java.base/java.lang.reflect",
            "java.base/java.util",
            "java.base/jdk.internal.loader",
            "java.base/jdk.internal.math",
            "java.base/jdk.internal.module",
            "java.base/jdk.internal.ref",
            "java.base/jdk.internal.reflect",
            "java.base/jdk.internal.util.jar",
            "java.base/sun.nio.ch",
            "jdk.compiler/com.sun.tools.javac",
            "jdk.management/com.sun.management.internal",
            "java.base/java.nio",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic");

    private CassandraCommand() {}

    static JvmCommand of(ChildCassandraSettings settings, Path libraries) {
        return new JvmCommand(
                MAIN_CLASS,
                libraries + File.separator + "*",
                flags(settings),
                List.of(DataDirectoryLock.childLock(settings.dataDirectory()).toString()),
                settings.console());
    }

    private static List<String> flags(ChildCassandraSettings settings) {
        List<String> flags = new ArrayList<>();
        EXPORTS.forEach(name -> flags.add("--add-exports=" + name + "=ALL-UNNAMED"));
        OPENS.forEach(name -> flags.add("--add-opens=" + name + "=ALL-UNNAMED"));

        flags.add("-Xmx" + settings.maxHeapMb() + "m");
        flags.add("-XX:+UseG1GC");
        flags.add("-XX:G1HeapRegionSize=8m");
        flags.add("-XX:MaxDirectMemorySize=512m");
        // Without it an out-of-memory left a server that neither lived nor died.
        flags.add("-XX:+ExitOnOutOfMemoryError");
        if (settings.fastCompile()) {
            flags.add("-XX:TieredStopAtLevel=1");
        }

        flags.add("-Djdk.attach.allowAttachSelf=true");
        flags.add("-Dio.netty.tryReflectionSetAccessible=true");
        // Native libraries are unpacked here, and emptied at the next start, whatever ended this one.
        flags.add("-Djava.io.tmpdir=" + settings.temporary());
        flags.add("-Dlogback.configurationFile=millrace-cassandra-logback.xml");
        flags.add("-Dcassandra.config=" + settings.configuration().toUri());
        flags.add("-Dcassandra.storagedir=" + settings.home());
        flags.add("-Dcassandra.logdir=" + settings.logs());
        flags.add("-Dcassandra.triggers_dir=" + settings.triggers());
        flags.add("-Dcassandra-foreground=yes");
        flags.add("-Dcassandra.jmx.local.port=0");
        // Nobody to wait for: the cluster is this one process.
        flags.add("-Dcassandra.initial_token=0");
        flags.add("-Dcassandra.ring_delay_ms=0");
        flags.add("-Dcassandra.skip_wait_for_gossip_to_settle=0");
        flags.add("-Dcassandra.shutdown_announce_in_ms=0");
        flags.addAll(settings.javaOptions());
        return flags;
    }
}
