package io.millrace.node;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.NullMarked;

/** The walls of house.md within the node; each rule was seen to fail. */
@AnalyzeClasses(packages = "io.millrace.node", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String NODE = "io.millrace.node";

    @ArchTest
    static final ArchRule httpSeesTheApplicationOnly = classes()
            .that()
            .resideInAPackage(NODE + ".http..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            NODE + ".http..",
                            NODE + ".application..",
                            NODE + ".filter..",
                            NODE + ".settings..",
                            NODE + ".telemetry..",
                            "io.millrace.protocol..")
                    .or(DescribedPredicate.not(resideInAPackage("io.millrace.."))))
            .because("routes are tested against a fake of the application, and a queue may live on any node");

    @ArchTest
    static final ArchRule httpKnowsNoActors = noClasses()
            .that()
            .resideInAPackage(NODE + ".http..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.pekko.cluster..", "org.apache.pekko.persistence..")
                    .or(named("org.apache.pekko.actor.typed.ActorRef"))
                    .or(named("org.apache.pekko.actor.ActorRef"))
                    .or(named("org.apache.pekko.actor.typed.RecipientRef")))
            .because("who answers, and where, is the application's business: no ActorRef, no sharding");

    @ArchTest
    static final ArchRule queuesKnowNoBots = noClasses()
            .that()
            .resideInAPackage(NODE + ".queue..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(NODE + ".bot..", NODE + ".run..")
            .because("a queue wakes whoever subscribed; how bots live must be free to change");

    @ArchTest
    static final ArchRule botsKnowNoQueues = noClasses()
            .that()
            .resideInAnyPackage(NODE + ".bot..", NODE + ".run..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(NODE + ".queue..")
            .because("bots speak to queues as any client does, through the application's interfaces");

    @ArchTest
    static final ArchRule decisionsArePure = noClasses()
            .that()
            .haveNameMatching(
                    ".*\\.(queue|bot)\\.\\w*(State|StateBuilder|Event|Decision|Decisions|Decider|Rules)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.pekko..")
            .because("what is decided and replayed is tested without actors, clocks or storage");

    @ArchTest
    static final ArchRule onlySettingsReadConfiguration = noClasses()
            .that()
            .resideOutsideOfPackage(NODE + ".settings..")
            .should()
            .dependOnClassesThat(resideInAPackage("com.typesafe.config..").and(notNamed("com.typesafe.config.Config")))
            .because("settings are read once, checked, and then are records; only the root hands Pekko its own");

    @ArchTest
    static final ArchRule nobodyElseLooksIntoConfiguration = noClasses()
            .that()
            .resideOutsideOfPackages(NODE + ".settings..", NODE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.typesafe.config..")
            .because("a key that is read in two places has two meanings");

    @ArchTest
    static final ArchRule onlyStorageKnowsTheDriver = noClasses()
            .that()
            .resideOutsideOfPackages(NODE + ".journal..", NODE + ".cassandra..", NODE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.datastax..", "org.apache.cassandra..")
            .because("all else works on logs and names; the root only hands the session on");

    @ArchTest
    static final ArchRule nothingBlocks = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(NODE + ".Main")
            .and()
            .haveNameNotMatching(".*\\.node\\.(Dev\\w*|NodeCommand|StorageVisit|KeysCommand)(\\$.*)?")
            .and()
            .haveNameNotMatching(BlockingAtStart.NAMES)
            .should()
            .callMethodWhere(blocks())
            .because(
                    "a thread that waits is missing elsewhere: stages everywhere but at the start and the end of a process");

    @ArchTest
    static final ArchRule noCycles = slices().matching(NODE + ".(*)..")
            .should()
            .beFreeOfCycles()
            .because("a package that can't be understood without another one is half a package");

    @ArchTest
    static void everyPackageSaysWhatItOwnsAndIsNullMarked(JavaClasses classes) {
        Set<String> packages = new TreeSet<>();
        Set<String> marked = new TreeSet<>();
        for (JavaClass type : classes) {
            packages.add(type.getPackageName());
            if (type.getSimpleName().equals("package-info")
                    && annotatedWith(NullMarked.class).test(type)) {
                marked.add(type.getPackageName());
            }
        }
        assertThat(marked)
                .as("packages with a package-info and @NullMarked, because nullness is proven only there")
                .isEqualTo(packages)
                .hasSizeGreaterThan(8);
    }

    /** Classes that say in their description that they block, on a thread of their own, while a node starts or ends. */
    private static final class BlockingAtStart {
        static final String NAMES =
                ".*\\.node\\.(cassandra\\.(CassandraProcess|CassandraSupervisor|DataDirectoryLock)|process\\.(ChildJvm|ParentPact))";
    }

    private static DescribedPredicate<JavaCall<?>> blocks() {
        return DescribedPredicate.describe("block", call -> {
            AccessTarget.CodeUnitCallTarget target = call.getTarget();
            JavaClass owner = target.getOwner();
            return switch (target.getName()) {
                case "get", "join" -> owner.isAssignableTo(Future.class) || owner.isEquivalentTo(Thread.class);
                case "sleep" ->
                    owner.isEquivalentTo(Thread.class) || owner.isEquivalentTo(java.util.concurrent.TimeUnit.class);
                case "await" -> owner.isEquivalentTo(CountDownLatch.class);
                case "acquire" -> owner.isEquivalentTo(Semaphore.class);
                case "take", "put" -> owner.isAssignableTo(BlockingQueue.class);
                case "awaitTermination", "invokeAll", "invokeAny" -> owner.isAssignableTo(ExecutorService.class);
                case "wait" -> owner.isEquivalentTo(Object.class);
                case "waitFor" -> owner.isAssignableTo(Process.class);
                default -> false;
            };
        });
    }

    private static DescribedPredicate<JavaClass> named(String name) {
        return DescribedPredicate.describe("is " + name, type -> type.getName().equals(name));
    }

    private static DescribedPredicate<JavaClass> notNamed(String name) {
        return DescribedPredicate.not(named(name));
    }
}
