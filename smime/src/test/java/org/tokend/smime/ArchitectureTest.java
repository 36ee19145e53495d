package org.tokend.smime;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Arrays;

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

    /** What decides about certificates knows nothing of messages, and what fetches knows nothing of certificates. */
    @ArchTest
    static final ArchRule fetchesForAnybody = mayUse("fetch", "fetch");

    @ArchTest
    static final ArchRule certificatesAreTheGround = mayUse("certificate", "certificate");

    @ArchTest
    static final ArchRule policyRatesCertificates = mayUse("policy", "policy", "certificate");

    @ArchTest
    static final ArchRule pathsAreOfCertificates = mayUse("chain", "chain", "certificate", "policy", "fetch");

    @ArchTest
    static final ArchRule revocationAsksForCertificates =
            mayUse("revocation", "revocation", "certificate", "policy", "fetch");

    @ArchTest
    static final ArchRule trustIsInRoots = mayUse("trust", "trust", "certificate", "policy");

    private static ArchRule mayUse(String from, String... to) {
        String own = "org.tokend.smime.";
        return ArchRuleDefinition.classes()
                .that()
                .resideInAPackage(own + from)
                .should(ArchConditions.onlyDependOnClassesThat(JavaClass.Predicates.resideOutsideOfPackage(
                                "org.tokend.smime..")
                        .or(JavaClass.Predicates.resideInAnyPackage(
                                Arrays.stream(to).map(each -> own + each).toArray(String[]::new)))));
    }
}
