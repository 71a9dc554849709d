/**
 * What a back end is. A {@link dev.tenon.processor.plan.backend.BackEnd} starts a {@link
 * dev.tenon.processor.plan.backend.Planning}, whose {@link dev.tenon.processor.plan.backend.Pass}es
 * take a {@link dev.tenon.processor.plan.schedule.PlannedProgram} to another one and note what they
 * decide; after the last one every nest has its schedule, and the planning says where the tensors
 * lie. May import {@code ir}, {@code plan.rewrite} and {@code plan.schedule}.
 */
package dev.tenon.processor.plan.backend;
