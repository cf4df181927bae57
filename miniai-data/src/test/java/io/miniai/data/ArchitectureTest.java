package io.miniai.data;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

/** The top floor: the data module may use all floors below, but not what is inside the tensors. */
@AnalyzeClasses(packages = "io.miniai", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule no_floor_below_uses_the_data = noClasses()
            .that()
            .resideOutsideOfPackages("io.miniai.data..", "io.miniai.serve..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.miniai.data..", "io.miniai.serve..");

    @ArchTest
    static final ArchRule data_does_not_serve = noClasses()
            .that()
            .resideInAPackage("io.miniai.data..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.miniai.serve..");

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("io.miniai.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule data_knows_neither_kernels_nor_nd4j = noClasses()
            .that()
            .resideInAnyPackage("io.miniai.data..", "io.miniai.serve..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.miniai.tensor.kernel..", "org.nd4j..", "org.bytedeco..");

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
    static final ArchRule every_package_is_null_marked = classes()
            .should(be(describe(
                    "in a package marked @NullMarked",
                    c -> c.getPackage()
                            .tryGetPackageInfo()
                            .map(info -> info.isAnnotatedWith(NullMarked.class))
                            .orElse(false))));
}
