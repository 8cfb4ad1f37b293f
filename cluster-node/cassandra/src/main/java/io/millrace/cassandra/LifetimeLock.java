package io.millrace.cassandra;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file lock that this process holds until it ends; the operating system gives it back, whatever ends the process. */
final class LifetimeLock {

    /** Far behind the text, so that the owner's pid can be read while the lock is held (Windows locks are mandatory). */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    // A reachable channel, because a collected one closes and gives the lock back.
    private static @Nullable FileChannel held;

    private LifetimeLock() {}

    /** Takes the lock and writes this process's id into the file; false when another process holds it. */
    static synchronized boolean hold(Path file) throws IOException {
        if (held != null) {
            throw new IllegalStateException("this process holds its lock already");
        }
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
            channel.close();
            return false;
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        held = channel;
        return true;
    }
}
