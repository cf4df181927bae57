package io.miniai.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The examples are what a user would write: nothing in them reaches into the library. */
@AnalyzeClasses(packages = "io.miniai", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule examples_use_only_the_public_api = noClasses()
            .that()
            .resideInAPackage("io.miniai.examples..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.miniai.tensor.kernel..", "org.nd4j..", "org.bytedeco..", "ch.qos.logback..");

    @ArchTest
    static final ArchRule the_library_does_not_know_the_examples = noClasses()
            .that()
            .resideOutsideOfPackage("io.miniai.examples..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.miniai.examples..");
}
