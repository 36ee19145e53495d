package org.tokend.smime;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** A program on the other side of the socket: it knows neither the daemon nor PKCS#11. */
@AnalyzeClasses(packages = "org.tokend.smime", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule neitherDaemonNorBridge = ArchRuleDefinition.noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.tokend.daemon..", "org.tokend.pkcs11..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule noCommandLine = ArchRuleDefinition.noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.tokend.tokenctl..", "picocli..")
            .allowEmptyShould(true);
}
