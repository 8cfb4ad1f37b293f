package io.millrace.protocol;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

@AnalyzeClasses(packages = "io.millrace.protocol", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule dependsOnLittle = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.millrace.protocol..",
                    "java..",
                    "javax.crypto..",
                    "com.fasterxml.jackson..",
                    "com.github.luben.zstd..",
                    "org.jspecify.annotations..")
            .because("every client carries what the protocol carries: no Pekko, no Scala, nothing of the node");

    @ArchTest
    static final ArchRule knowsNeitherPekkoNorTheNode = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.pekko..", "scala..", "io.millrace.node..", "io.millrace.client..")
            .because("both sides speak these words, so the words may know neither side");

    @ArchTest
    static final ArchRule onlyBlocksKnowZstd = noClasses()
            .that()
            .resideOutsideOfPackage("io.millrace.protocol.block")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.github.luben.zstd..")
            .because("compression is a matter of the block's layout, which one package owns");

    @ArchTest
    static final ArchRule jsonKnowsNoEvents = noClasses()
            .that()
            .resideInAPackage("io.millrace.protocol.json")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("io.millrace.protocol..")
                    .and(not(JavaClass.Predicates.resideInAPackage("io.millrace.protocol.json"))))
            .because("the mapper is the ground that all else stands on");

    @ArchTest
    static final ArchRule noCycles = slices().matching("io.millrace.protocol.(*)..")
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
                .hasSizeGreaterThan(5);
    }
}
