package org.tokend.client;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** client-lib lives in other people's programs: it brings jackson-core and nothing else. */
@AnalyzeClasses(
        packages = {"org.tokend.protocol", "org.tokend.client"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule onlyTheJdkAndJacksonCore = ArchRuleDefinition.classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "org.tokend.protocol..",
                    "org.tokend.client..",
                    "java..",
                    "javax.crypto..",
                    "javax.security..",
                    "com.fasterxml.jackson.core..",
                    "org.jspecify.annotations..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule protocolKnowsNoClient = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("org.tokend.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.tokend.client..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule clientKnowsNoProvider = ArchRuleDefinition.noClasses()
            .that()
            .resideInAPackage("org.tokend.client")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.tokend.client.jca..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule noNativeCode = ArchRuleDefinition.noClasses()
            .should()
            .callMethod(System.class, "loadLibrary", String.class)
            .orShould()
            .callMethod(System.class, "load", String.class)
            .allowEmptyShould(true);
}
