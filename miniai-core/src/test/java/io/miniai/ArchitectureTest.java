package io.miniai;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** The floors of the house: each package uses only those below it. */
@AnalyzeClasses(packages = "io.miniai", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    /** From the ground up. */
    private static final List<String> FLOORS = List.of(
            "io.miniai.tensor.kernel",
            "io.miniai.tensor",
            "io.miniai.file",
            "io.miniai.nn",
            "io.miniai.optim",
            "io.miniai.learn",
            "io.miniai.metric",
            "io.miniai.callback");

    @ArchTest
    static final ArchRule every_class_lives_on_a_floor =
            classes().should().resideInAnyPackage(FLOORS.toArray(String[]::new));

    @ArchTest
    static final ArchRule each_floor_uses_only_floors_below_it = CompositeArchRule.of(FLOORS.stream()
            .limit(FLOORS.size() - 1)
            .map(floor -> (ArchRule) noClasses()
                    .that()
                    .resideInAPackage(floor)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(FLOORS.subList(FLOORS.indexOf(floor) + 1, FLOORS.size())
                            .toArray(String[]::new)))
            .toList());

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("io.miniai.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule only_tensors_know_the_kernels = noClasses()
            .that()
            .resideOutsideOfPackages("io.miniai.tensor", "io.miniai.tensor.kernel")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.miniai.tensor.kernel");

    @ArchTest
    static final ArchRule only_tensors_know_nd4j = noClasses()
            .that()
            .resideOutsideOfPackages("io.miniai.tensor", "io.miniai.tensor.kernel")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j..", "org.bytedeco..");

    @ArchTest
    static final ArchRule no_logging_but_slf4j = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ch.qos.logback..", "java.util.logging..", "org.apache.commons.logging..");

    @ArchTest
    static final ArchRule no_checked_exceptions_in_public = noMethods()
            .that()
            .arePublic()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .should()
            .declareThrowableOfType(describe(
                    "checked exception",
                    e -> e.isAssignableTo(Exception.class) && !e.isAssignableTo(RuntimeException.class)));

    /** The null checker looks only at packages marked so. */
    @ArchTest
    static final ArchRule every_package_is_null_marked = classes().should(be(inNullMarkedPackage()));

    private static DescribedPredicate<JavaClass> inNullMarkedPackage() {
        return describe(
                "in a package marked @NullMarked",
                c -> c.getPackage()
                        .tryGetPackageInfo()
                        .map(info -> info.isAnnotatedWith(NullMarked.class))
                        .orElse(false));
    }
}
