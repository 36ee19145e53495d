package org.tokend.benchmarks;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** The daemon is measured from outside, as any program sees it. */
@AnalyzeClasses(packages = "org.tokend.benchmarks", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("org.tokend.benchmarks.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theDriverIsAnOrdinaryProgram = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("org.tokend.benchmarks.driver..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.tokend.benchmarks.rig..", "org.tokend.fixtures..");

    @ArchTest
    static final ArchRule reportsKnowResultsOnly = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("org.tokend.benchmarks.report..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.tokend.benchmarks.rig..", "org.tokend.benchmarks.experiment..", "org.tokend.fixtures..");
}
