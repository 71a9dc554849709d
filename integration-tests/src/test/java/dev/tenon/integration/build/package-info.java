/** Projects of users, built by Maven as users build them, with the artifacts of this build. */
package dev.tenon.integration.build;
