package io.millrace.node;

import io.millrace.node.process.FreePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What must be right on this machine before {@code millrace dev} starts anything. */
final class DevPreflight {

    static final int OLDEST_JAVA = 17;

    /** Room for an empty Cassandra (about 100 MiB with its first commit log segments) and some work. */
    static final long LEAST_FREE_BYTES = 512L << 20;

    /** How the free space of a directory's disk is found out. */
    @FunctionalInterface
    interface FreeSpace {
        long bytes(Path directory) throws IOException;
    }

    private final int javaVersion;
    private final FreeSpace freeSpace;

    DevPreflight(int javaVersion, FreeSpace freeSpace) {
        this.javaVersion = javaVersion;
        this.freeSpace = freeSpace;
    }

    static DevPreflight ofThisMachine() {
        return new DevPreflight(
                Runtime.version().feature(),
                directory -> Files.getFileStore(directory).getUsableSpace());
    }

    /** Refuses at the first thing that is wrong. Makes the data directory when it's missing. */
    void check(Path data, InetSocketAddress... http) throws StartRefusal {
        checkJava();
        for (InetSocketAddress one : http) {
            checkPort(one);
        }
        checkDirectory(data);
    }

    private void checkJava() throws StartRefusal {
        if (javaVersion < OLDEST_JAVA) {
            throw new StartRefusal(
                    ExitCode.WRONG_JAVA,
                    "Java " + OLDEST_JAVA + " or newer is needed, this is Java " + javaVersion + " ("
                            + System.getProperty("java.home") + ")");
        }
    }

    private static void checkPort(InetSocketAddress http) throws StartRefusal {
        String address = http.getAddress().getHostAddress();
        if (!FreePort.isFree(address, 0)) {
            throw new StartRefusal(
                    ExitCode.PORT_TAKEN,
                    address + " is no address of this machine (on macOS: sudo ifconfig lo0 alias " + address + ")");
        }
        if (!FreePort.isFree(address, http.getPort())) {
            throw new StartRefusal(
                    ExitCode.PORT_TAKEN,
                    "port " + http.getPort() + " on " + address
                            + " is taken; stop what listens there or choose another with --http-port");
        }
    }

    private void checkDirectory(Path data) throws StartRefusal {
        try {
            Files.createDirectories(data);
            long free = freeSpace.bytes(data);
            if (free < LEAST_FREE_BYTES) {
                throw new StartRefusal(
                        ExitCode.DISK_FULL,
                        "the disk of data directory " + data + " has " + mebibytes(free) + " MiB free, at least "
                                + mebibytes(LEAST_FREE_BYTES) + " are needed");
            }
            Files.delete(Files.createTempFile(data, "writable", ".probe"));
        } catch (IOException unusable) {
            throw new StartRefusal(
                    ExitCode.DIRECTORY_UNWRITABLE, "can't write to data directory " + data + ": " + reason(unusable));
        }
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }

    private static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileSystemException named && named.getReason() != null) {
            return named.getReason();
        }
        return failure.toString();
    }
}
