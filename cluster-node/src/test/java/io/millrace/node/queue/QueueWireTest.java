package io.millrace.node.queue;

import static io.millrace.node.queue.Given.NOW;
import static io.millrace.node.queue.Given.block;
import static io.millrace.node.queue.Given.child;
import static io.millrace.node.queue.Given.event;
import static io.millrace.node.queue.Given.events;
import static io.millrace.node.queue.Given.numbered;
import static io.millrace.node.queue.Given.output;
import static io.millrace.node.queue.Given.run;
import static io.millrace.node.queue.Given.source;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.typesafe.config.ConfigFactory;
import io.millrace.node.application.Cursor;
import io.millrace.node.cluster.Wire;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.ProducerInfo;
import io.millrace.protocol.http.QueueConfig;
import io.millrace.protocol.http.QueueInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.apache.pekko.serialization.jackson.JacksonCborSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Whatever queues are told or answer travels between nodes as CBOR and is the same there. */
class QueueWireTest {
    private static final ActorTestKit KIT =
            ActorTestKit.create(ConfigFactory.parseString("pekko.actor.provider = local")
                    .withFallback(ConfigFactory.parseResources("millrace.conf"))
                    .withFallback(ConfigFactory.load())
                    .resolve());
    private static final ActorRef<QueueReply> REPLY_TO =
            KIT.<QueueReply>createTestProbe().getRef();
    private static final EventId ID = new EventId(NOW, 3);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @TestFactory
    Stream<DynamicTest> everyMessageSurvivesTheWire() {
        return messages()
                .map(message -> DynamicTest.dynamicTest(
                        message.getClass().getSimpleName() + " " + Integer.toHexString(message.hashCode()), () -> {
                            Serialization serialization = SerializationExtension.get(KIT.system());
                            var serializer = serialization.findSerializerFor(message);
                            assertThat(serializer).isInstanceOf(JacksonCborSerializer.class);
                            byte[] bytes = serialization.serialize(message).get();
                            Object again = serialization
                                    .deserialize(
                                            bytes,
                                            serializer.identifier(),
                                            Serializers.manifestFor(serializer, message))
                                    .get();

                            assertThat(again)
                                    .usingRecursiveComparison()
                                    .withEqualsForType((a, b) -> Arrays.equals(a.toBytes(), b.toBytes()), Block.class)
                                    .withEqualsForFields(Object::equals, "replyTo")
                                    .isEqualTo(message);
                        }));
    }

    @Test
    void noMessageIsLeftOut() {
        Set<String> tried =
                messages().map(message -> message.getClass().getName()).collect(Collectors.toSet());
        Set<String> all = new ClassFileImporter()
                .importPackages(QueueCommand.class.getPackageName()).stream()
                        .filter(type -> type.isAssignableTo(Wire.class) && !type.isInterface())
                        .map(type -> type.getName())
                        .collect(Collectors.toSet());
        assertThat(tried).isEqualTo(all);
    }

    private static Stream<Object> messages() {
        Block stamped = block("price", true, events("same same same", "same same same", "same same same"))
                .stamped(Given.QUEUE, ID);
        QueueConfig full = new QueueConfig(
                "d", "o", List.of("t"), true, new QueueConfig.Retention(Duration.ofHours(36), 1L << 40));
        QueueInfo info = new QueueInfo(
                "orders",
                "d",
                null,
                List.of(),
                full.retention(),
                5,
                6,
                ID,
                ID,
                Instant.ofEpochMilli(NOW),
                Instant.ofEpochMilli(NOW),
                false,
                true,
                List.of("invoice"),
                List.of(new QueueInfo.Writer("price", new Checkpoint(Position.of(ID), 4, NOW, NOW, null))));
        return Stream.of(
                new QueueCommand.AppendEvents(Given.append("a"), REPLY_TO),
                new QueueCommand.AppendEvents(numbered("p", 7, "a", "b"), REPLY_TO),
                new QueueCommand.AppendEvents(
                        output(run("b", 3, 4), child("s", source(1), "a"), event("free")), REPLY_TO),
                new QueueCommand.AppendEvents(
                        Given.append(
                                block("b", true, events("same same same", "same same same", "same same same")),
                                block("b", events("z"))),
                        REPLY_TO),
                new QueueCommand.Read(new Cursor(Position.BEGINNING, 0), 1_000, 0, REPLY_TO),
                new QueueCommand.Read(new Cursor(Position.of(ID), 77), 1_000, 60_000, REPLY_TO),
                new QueueCommand.Read(Cursor.after(Position.parse("z/2026/1")), 1_000, 60_000, REPLY_TO),
                new QueueCommand.GetTail(REPLY_TO),
                new QueueCommand.Describe(REPLY_TO),
                new QueueCommand.Configure(full, "\"3\"", REPLY_TO),
                new QueueCommand.Configure(QueueConfig.NONE, null, REPLY_TO),
                new QueueCommand.Archive(true, REPLY_TO),
                new QueueCommand.GetProducer("p", REPLY_TO),
                new QueueCommand.Subscribe("b", REPLY_TO),
                new QueueCommand.Fence("b", 2, 17, REPLY_TO),
                new QueueCommand.Unsubscribe("b", REPLY_TO),
                new QueueCommand.Sleep("b", Position.of(ID)),
                new QueueCommand.Trim(new Cut(255, 511, 700, ID, ID, 4_096), REPLY_TO),
                new QueueCommand.Trim(new Cut(255, 511, 700, ID, null, 4_096), REPLY_TO),
                new QueueCommand.Tend(),
                QueueCommand.Stop.STOP,
                new QueueReply.Refused(Problem.of(
                        ProblemType.UNPROCESSABLE, "detail", List.of(new Problem.InputError(null, "/a", "wrong")))),
                new QueueReply.Refused(Problem.of(ProblemType.SEQUENCE_GAP, "detail")),
                new QueueReply.Refused(Problem.overlap(new Problem.Overlap("s", ID))),
                new QueueReply.Taken(new AppendResult("orders", 2, ID, ID.plus(1), 3)),
                new QueueReply.Taken(new AppendResult("orders", 0, null, null, 3)),
                new QueueReply.Read(List.of(stamped, stamped), ID, 9, true),
                new QueueReply.Read(List.of(), null, 9, false),
                new QueueReply.Behind(3, 9, null),
                new QueueReply.Behind(3, 9, ID),
                new QueueReply.Info(info, 3, true),
                new QueueReply.ProducerFound(new ProducerInfo("p", 3, null, ID)),
                new QueueReply.Tail(ID, 5, 4, 3, 9),
                new QueueReply.Tail(null, 0, 0, 0, 0),
                new QueueReply.Done());
    }
}
