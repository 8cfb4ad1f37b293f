package io.millrace.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.millrace.client", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule dependencies = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "io.millrace.client..",
                    "io.millrace.protocol..",
                    "com.fasterxml.jackson..",
                    "javax.net.ssl..",
                    "org.jspecify..")
            .because(
                    "what users import must not drag a framework along: no Pekko, no Scala, nothing but the protocol's own");

    @ArchTest
    static final ArchRule transportKnowsNoMeaning = noClasses()
            .that()
            .resideInAPackage("..client.internal..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.millrace.client")
            .because("the transport sends and repeats; what a request means is told to it");

    @ArchTest
    static final ArchRule noCycles = slices().matching("io.millrace.(**)")
            .should()
            .beFreeOfCycles()
            .because("a package that needs its user can't be understood alone");

    @ArchTest
    static final ArchRule onlyTheTransportSpeaksHttp = noClasses()
            .that()
            .resideOutsideOfPackage("..client.internal..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.net.http..")
            .because("time-outs, retries and closing live in one place");
}
