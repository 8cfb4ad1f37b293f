package io.millrace.node.handlers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** A jar with one handler, made from its source as users make theirs. */
record HandlerJar(String name, String body, String service) {
    /** @param body what its method {@code handle(Event event, Emitter out)} does */
    static HandlerJar of(String name, String body) {
        return new HandlerJar(name, body, name);
    }

    HandlerJar naming(String other) {
        return new HandlerJar(name, body, other);
    }

    void writeTo(Path jar) throws IOException {
        int dot = name.lastIndexOf('.');
        String source = "package " + name.substring(0, dot) + ";\nimport io.millrace.protocol.Event;\n"
                + "import io.millrace.protocol.handler.*;\npublic class " + name.substring(dot + 1)
                + " implements EventHandler {\n  @Override public void handle(Event event, Emitter out) throws Exception {\n"
                + body + "\n  }\n}\n";
        Path work = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "classes");
        Path file = work.resolve(name.substring(dot + 1) + ".java");
        Files.writeString(file, source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int failed = compiler.run(
                null,
                null,
                null,
                List.of(
                                "-proc:none",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-d",
                                work.toString(),
                                file.toString())
                        .toArray(String[]::new));
        if (failed != 0) {
            throw new IllegalStateException("doesn't compile: " + source);
        }
        String path = name.replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            entries.putNextEntry(new JarEntry(path));
            entries.write(Files.readAllBytes(work.resolve(path)));
            entries.putNextEntry(new JarEntry("META-INF/services/io.millrace.protocol.handler.BotHandler"));
            entries.write(service.getBytes(StandardCharsets.UTF_8));
        }
    }
}
