package dev.olla;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/// The walls of the house: which package may know which.
///
/// ```
/// Main, Gateway → api, config, request → dialect, fleet → http, telemetry
/// ```
@AnalyzeClasses(
        packages = "dev.olla",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.GatewayOnly.class})
final class ArchitectureTest {
    private static final String STAGES = "dev.olla.request.";

    @ArchTest
    static final ArchRule httpKnowsNothingOfOurs = knowsOnly("dev.olla.http..");

    @ArchTest
    static final ArchRule telemetryKnowsNothingOfOurs = knowsOnly("dev.olla.telemetry..");

    @ArchTest
    static final ArchRule dialectsKnowOnlyTheWire = knowsOnly("dev.olla.dialect..", "dev.olla.http..");

    @ArchTest
    static final ArchRule theFleetKnowsOnlyTheWireAndTelemetry =
            knowsOnly("dev.olla.fleet..", "dev.olla.http..", "dev.olla.telemetry..");

    @ArchTest
    static final ArchRule theApiKnowsNeitherRequestsNorConfiguration = knowsOnly(
            "dev.olla.api..", "dev.olla.dialect..", "dev.olla.fleet..", "dev.olla.http..", "dev.olla.telemetry..");

    @ArchTest
    static final ArchRule requestsKnowNeitherTheApiNorConfiguration = knowsOnly(
            "dev.olla.request..", "dev.olla.dialect..", "dev.olla.fleet..", "dev.olla.http..", "dev.olla.telemetry..");

    @ArchTest
    static final ArchRule aStageKnowsOnlyStagesThatSortBeforeIt = classes()
            .that()
            .resideInAPackage(STAGES + "*..")
            .should(knowNoLaterStage())
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesFormNoCycles =
            slices().matching("dev.olla.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesAreNamedAfterFeatures = noClasses()
            .should()
            .resideInAnyPackage(
                    "dev.olla..util..",
                    "dev.olla..common..",
                    "dev.olla..impl..",
                    "dev.olla..core..",
                    "dev.olla..ports..",
                    "dev.olla..helper..",
                    "dev.olla..constants..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule classesAreNamedAfterWhatTheyAre = noClasses()
            .should()
            .haveNameMatching(".*(Manager|Helper|Util|Utils|Factory)")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nettyStaysInHttp = noClasses()
            .that()
            .resideOutsideOfPackages("dev.olla.http..", "dev.olla.request..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule requestsHandleBuffersAndNoMoreOfNetty = noClasses()
            .that()
            .resideInAPackage("dev.olla.request..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.netty..").and(not(resideInAPackage("io.netty.buffer.."))))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nothingHidesInThreadLocals = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(ThreadLocal.class)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyTheCommandLinePrints = noClasses()
            .that()
            .haveNameNotMatching("dev\\.olla\\.Main(\\$.*)?")
            .and()
            .resideOutsideOfPackage("dev.olla.config..")
            .should(ACCESS_STANDARD_STREAMS)
            .allowEmptyShould(true);

    private static ArchRule knowsOnly(String packageOfOurs, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(packageOfOurs)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.olla..")
                        .and(not(resideInAPackage(packageOfOurs)))
                        .and(not(resideInAnyPackage(others))))
                .allowEmptyShould(true);
    }

    private static ArchCondition<JavaClass> knowNoLaterStage() {
        return new ArchCondition<>("know no stage that runs later") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    if (stage(dependency.getTargetClass()).compareTo(stage(type)) > 0) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            }
        };
    }

    /// The name of the stage that a type belongs to; empty, which sorts first, for all other types.
    private static String stage(JavaClass type) {
        String packageName = type.getPackageName();
        return packageName.startsWith(STAGES)
                ? packageName.substring(STAGES.length()).replaceFirst("\\..*", "")
                : "";
    }

    /// Leaves out the fake servers, which are on the class path of the tests.
    static final class GatewayOnly implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/dev/olla/testbed/");
        }
    }
}
