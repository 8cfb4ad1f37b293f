package io.millrace.node;

import io.millrace.node.settings.NodeSettings;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The server's command line: arguments to settings to a running node. */
@Command(name = "millrace", description = "An event-streaming bus")
public final class Main {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // Its presence is all that picocli needs.
    private boolean help;

    private Main() {}

    /** Runs the command that the arguments name and exits with its code; see {@link ExitCode}. */
    public static void main(String[] arguments) {
        System.exit(commandLine(Main::startNode).execute(arguments));
    }

    private static CompletionStage<NodeStarter.RunningNode> startNode(
            InetSocketAddress cassandra, String datacenter, InetSocketAddress http) {
        return Node.start(NodeSettings.forDevelopment(cassandra, datacenter, http), Clock.systemUTC())
                .thenApply(node -> node);
    }

    /** Every failure is one line on standard error: no usage text, no stack trace. */
    static CommandLine commandLine(NodeStarter nodes) {
        return new CommandLine(new Main())
                .addSubcommand(new DevCommand(nodes))
                .addSubcommand(new NodeCommand())
                .addSubcommand(new SchemaCommand())
                .addSubcommand(new KeysCommand())
                .setParameterExceptionHandler((failure, arguments) -> refuse(failure))
                .setExecutionExceptionHandler((failure, command, result) -> {
                    command.getErr().println("millrace: " + failure);
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    private static int refuse(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println("millrace: " + failure.getMessage() + " (see ./" + name + " --help)");
        return CommandLine.ExitCode.USAGE;
    }
}
