package org.tokend.daemon;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** The stages of the hot path, and who may know whom. */
@AnalyzeClasses(packages = "org.tokend.daemon", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule noStageCallsBack =
            slices().matching("org.tokend.daemon.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheProtocolOfClientLib = ArchRuleDefinition.noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.tokend.client..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule noCryptokiOutsideTheBridge = ArchRuleDefinition.noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.tokend.pkcs11.session..", "iaik..", "org.xipki..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule bytesOfApplicationsInOneFrontOnly = ArchRuleDefinition.noClasses()
            .that()
            .resideOutsideOfPackage("org.tokend.daemon.front.p11kit..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.tokend.pkcs11.rpc..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule transportKnowsBytesOnly = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("org.tokend.daemon.transport..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.tokend.daemon.access..",
                    "org.tokend.daemon.dispatch..",
                    "org.tokend.daemon.token..",
                    "org.tokend.daemon.unlock..",
                    "org.tokend.pkcs11.token..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule frontsTouchNoToken = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("org.tokend.daemon.front..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.tokend.daemon.token..", "org.tokend.daemon.unlock..", "org.tokend.pkcs11.token..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyMainWires = ArchRuleDefinition.noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.tokend.daemon.Main")
            .allowEmptyShould(true);
}
